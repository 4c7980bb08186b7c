import { baseUrlProblem } from "@mrdata/pagerduty/base-url";
import { nearest } from "@mrdata/pagerduty/nearest";
import { type Problems, setWith } from "./problems.ts";
import { type Region, regions } from "./regions.ts";
import type { Scope, Settings } from "./settings.ts";

/** A PagerDuty id. */
export const id = /^[A-Z0-9]{1,32}$/;
const label = /^([a-z][a-z0-9_-]{0,62})=([a-z0-9_-]{0,63})$/;

export function readRegion(text: string, problems: Problems): Region {
  const value = text || "us-central1";
  const found = regions.find((region) => region === value);
  if (found !== undefined) return found;
  const meant = nearest(value, regions) ?? "us-central1";
  problems.add(
    `mrdata:region '${value}' is not a region that has all that Mr Data needs; the nearest is ${meant}: ${setWith("region", meant)}`,
  );
  return "us-central1";
}

/** What is stored is encrypted by keys of its own region only (https://cloud.google.com/kms/docs/cmek). */
export function readKmsKey(text: string, region: Region, problems: Problems): string | null {
  const example = `projects/PROJECT/locations/${region}/keyRings/mrdata/cryptoKeys/data`;
  const [, location] =
    /^projects\/[^/]+\/locations\/([^/]+)\/keyRings\/[^/]+\/cryptoKeys\/[^/]+$/.exec(text) ?? [];
  if (text === "" || location === region) return text || null;
  problems.add(
    location === undefined
      ? `mrdata:kmsKey '${text}' is not the full name of a key: ${setWith("kmsKey", example)}`
      : `mrdata:kmsKey is in ${location}, and what it is to encrypt is in ${region}: ${setWith("kmsKey", example)}`,
  );
  return null;
}

export function readLabels(pairs: readonly string[], problems: Problems): Readonly<Record<string, string>> {
  const entries = pairs.flatMap((pair): [string, string][] => {
    const [, name, value] = label.exec(pair) ?? [];
    if (name !== undefined && value !== undefined) return [[name, value]];
    problems.add(
      `mrdata:labels '${pair}' is not NAME=VALUE in lower-case letters, digits, - and _: ${setWith("labels", "team=sre,cost-centre=42")}`,
    );
    return [];
  });
  return Object.fromEntries(entries);
}

export function readRetrain(text: string, problems: Problems): Settings["retrain"] {
  const value = text || "schedule";
  if (value === "schedule" || value === "off") return value;
  problems.add(`mrdata:retrain '${value}' is neither schedule nor off: ${setWith("retrain", "schedule")}`);
  return "schedule";
}

export function readHosting(
  text: string,
  modelFolder: string | null,
  problems: Problems,
): Settings["hosting"] {
  const value = text || "none";
  if (value !== "none" && value !== "endpoint") {
    problems.add(`mrdata:hosting '${value}' is neither none nor endpoint: ${setWith("hosting", "none")}`);
    return "none";
  }
  if (value === "endpoint" && modelFolder === null)
    problems.add(
      `mrdata:hosting is endpoint, and mrdata:modelFolder names no model version to serve: ${setWith("modelFolder", "models/v1")}, or ${setWith("hosting", "none")}`,
    );
  return value;
}

const member = /^(?:user|group|serviceAccount):[^\s@,]+@[^\s@,]+\.[^\s@,]+$|^domain:[^\s@,:]+\.[^\s@,:]+$/;

/** Never everybody: whoever may call the report reads titles and notes of incidents. */
export function readMembers(members: readonly string[], problems: Problems): readonly string[] {
  for (const one of members.filter((text) => !member.test(text)))
    problems.add(
      `mrdata:reportMembers '${one}' is not user:EMAIL, group:EMAIL, serviceAccount:EMAIL or domain:NAME: ${setWith("reportMembers", "group:sre@example.com")}`,
    );
  return [...new Set(members)];
}

export function readTimeZone(text: string, problems: Problems): string | null {
  if (text === "") return null;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    problems.add(`mrdata:timeZone '${text}' is not a time zone: ${setWith("timeZone", "Europe/Berlin")}`);
    return null;
  }
}

export function readHistoryImport(text: string, problems: Problems): Settings["historyImport"] {
  const value = text || "off";
  if (value === "on" || value === "off") return value;
  problems.add(`mrdata:historyImport '${value}' is neither on nor off: ${setWith("historyImport", "off")}`);
  return "off";
}

/** The functions refuse what is wrong with it, too: they would not start. A password is not said again. */
export function readBaseUrl(text: string, problems: Problems): string | null {
  const problem = text === "" ? null : baseUrlProblem(text);
  if (problem === null) return text || null;
  const said =
    text.includes("@") || !problem.startsWith("is not a URL") ? ` ${problem}` : ` '${text}' is not a URL`;
  problems.add(
    `mrdata:pagerDutyBaseUrl${said}: ${setWith("pagerDutyBaseUrl", "https://api.eu.pagerduty.com")}`,
  );
  return null;
}

export function readScope(text: string, problems: Problems): Scope {
  if (text === "account") return { type: "account_reference", id: null };
  const [, kind, ident] = /^(service|team):([A-Z0-9]{1,32})$/.exec(text) ?? [];
  if (ident !== undefined)
    return { type: kind === "team" ? "team_reference" : "service_reference", id: ident };
  problems.add(
    `mrdata:webhookScope '${text}' is not account, service:ID or team:ID: ${setWith("webhookScope", "account")}`,
  );
  return { type: "account_reference", id: null };
}

export function readIds(key: string, ids: readonly string[], problems: Problems): readonly string[] {
  for (const one of ids.filter((text) => !id.test(text)))
    problems.add(`mrdata:${key} '${one}' is not a PagerDuty id: ${setWith(key, "PXXXXXX,PYYYYYY")}`);
  return ids;
}
