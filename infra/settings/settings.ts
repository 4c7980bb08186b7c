import { baseUrlProblem } from "@mrdata/pagerduty/base-url";
import { nearest } from "@mrdata/pagerduty/nearest";
import type { LocalVersion } from "./model-folder.ts";
import { type Problems, setWith } from "./problems.ts";
import { type Raw, reader } from "./read.ts";
import { type Region, regions } from "./regions.ts";

/** Whose incidents the webhook subscription tells of. */
export type Scope = {
  readonly type: "account_reference" | "service_reference" | "team_reference";
  readonly id: string | null;
};

/** The settings of a stack, read once. Empty text is null; secrets are plain here and are marked where they are used. */
export type Settings = {
  readonly project: string;
  readonly projectNumber: string;
  readonly region: Region;
  readonly labels: Readonly<Record<string, string>>;
  /** With its hyphen, or empty. */
  readonly suffix: string;
  /** Milliseconds, like the two that follow. */
  readonly window: number;
  readonly retention: number;
  readonly modelMaxAge: number;
  /** Of the ledger, where it was restored under another name. */
  readonly database: string | null;
  readonly modelFolder: string | null;
  readonly modelImage: string;
  /** Whether an endpoint of Vertex AI serves the version too, and is asked about what would be held. */
  readonly hosting: "none" | "endpoint";
  readonly alertEmail: string | null;
  readonly alertPagerDutyKey: string | null;
  readonly pagerDutyToken: string | null;
  readonly webhookSecret: string | null;
  readonly webhookScope: Scope;
  readonly bot: {
    readonly user: string | null;
    readonly email: string | null;
    readonly automations: readonly string[];
    readonly fallbackPolicy: string | null;
    readonly policies: readonly string[];
  };
  readonly protect: boolean;
  readonly publicWebhook: boolean;
  /** Whether a training begins by schedule. */
  readonly retrain: "schedule" | "off";
  /** Who may look at the report, as IAM writes them; nobody where it is empty. */
  readonly reportMembers: readonly string[];
  /** Where Monday's digest is posted to, a secret; null: it is not sent. */
  readonly digestWebhook: string | null;
  /** The zone in which the report and the digest write times; null: the one of the bot's hours, else UTC. */
  readonly timeZone: string | null;
  /** Whether such a training imports the files of the history bucket first. */
  readonly historyImport: "on" | "off";
  /** Made before 2021-04-08. */
  readonly oldProject: boolean;
  /** Milliseconds: how old grants are when the first function is built, and how long Google is asked again. */
  readonly grantWait: number;
  readonly patience: number;
  /** Full name of a key of Cloud KMS that encrypts what is stored; null: Google's own. */
  readonly kmsKey: string | null;
  readonly minInstances: number;
  /** Null: what each function's manifest says. */
  readonly maxInstances: number | null;
  readonly vertexBaseUrl: string | null;
  readonly pagerDutyBaseUrl: string | null;
};

/** Settings with the model version that their folder holds. */
export type WholeSettings = Settings & { readonly version: LocalVersion | null };

const MINUTE = 60_000;
const DAY = 86_400_000;
const id = /^[A-Z0-9]{1,32}$/;
const email = /^[^\s@,]+@[^\s@,]+\.[^\s@,]+$/;
const url = /^https?:\/\/[^\s]+$/;
const label = /^([a-z][a-z0-9_-]{0,62})=([a-z0-9_-]{0,63})$/;

/** Reads all settings; everything that is wrong is told to `problems`. `known` are the keys of Pulumi.yaml. */
export function readSettings(raw: Raw, gcp: Raw, known: readonly string[], problems: Problems): Settings {
  for (const key of Object.keys(raw).filter((name) => !known.includes(name))) {
    const meant = nearest(key, known);
    problems.add(
      `mrdata:${key} is not a setting${meant === null ? "" : `; the nearest is mrdata:${meant}`}: pulumi config rm ${key}`,
    );
  }
  const read = reader(raw, problems);
  const project = (gcp.project ?? "").trim();
  if (project === "") problems.add("gcp:project is not set: pulumi config set gcp:project YOUR-PROJECT-ID");
  else if (!/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(project))
    problems.add(
      `gcp:project '${project}' is not the id of a project: pulumi config set gcp:project YOUR-PROJECT-ID`,
    );
  if (read.text("projectNumber") === "")
    problems.add(
      `mrdata:projectNumber is not set: pulumi config set projectNumber "$(gcloud projects describe ${project || "YOUR-PROJECT-ID"} --format='value(projectNumber)')"`,
    );
  const suffix = read.matching("suffix", /^[a-z0-9]{1,8}$/, "at most 8 lower-case letters and digits", "two");
  const maxInstances = read.integer("maxInstances", 0, 1000);
  const minInstances = read.integer("minInstances", 0, 100);
  if (maxInstances > 0 && minInstances > maxInstances)
    problems.add(
      `mrdata:minInstances ${minInstances} is more than mrdata:maxInstances ${maxInstances}: ${setWith("minInstances", "0")}`,
    );
  const pagerDutyToken = read.optional("pagerDutyToken");
  const region = readRegion(read.text("region"), problems);
  const settings: Settings = {
    project,
    projectNumber: read.matching("projectNumber", /^\d{6,19}$/, "the number of a project", "123456789012"),
    region,
    labels: readLabels(read.list("labels"), problems),
    suffix: suffix === "" ? "" : `-${suffix}`,
    window: read.duration("window", "5m", {
      from: MINUTE,
      to: 15 * MINUTE,
      says: "it is between 1m and 15m, for longer than that nobody's page may wait",
    }),
    retention: read.duration("retention", "400d", {
      from: 30 * DAY,
      to: 36_500 * DAY,
      says: "30d is the least that a model could learn from",
    }),
    modelMaxAge: read.duration("modelMaxAge", "90d", { from: DAY, to: 3650 * DAY, says: "1d is the least" }),
    database:
      read.matching(
        "database",
        /^[a-z][a-z0-9-]{2,61}[a-z0-9]$/,
        "the id of a Firestore database",
        "mrdata-restored",
      ) || null,
    modelFolder: read.optional("modelFolder"),
    modelImage: read.text("modelImage") || "us-docker.pkg.dev/vertex-ai/prediction/xgboost-cpu.2-1:latest",
    hosting: readHosting(read.text("hosting"), read.optional("modelFolder"), problems),
    alertEmail: read.matching("alertEmail", email, "an e-mail address", "sre@example.com") || null,
    alertPagerDutyKey:
      read.matching(
        "alertPagerDutyKey",
        /^[A-Za-z0-9]{32}$/,
        "an integration key of 32 characters",
        "",
        true,
      ) || null,
    pagerDutyToken,
    webhookSecret: read.optional("webhookSecret"),
    webhookScope: readScope(read.text("webhookScope") || "account", problems),
    bot: {
      user: read.matching("botUser", id, "a PagerDuty id", "PXXXXXX") || null,
      email: read.matching("botEmail", email, "an e-mail address", "mrdata@example.com") || null,
      automations: readIds("automationUsers", read.list("automationUsers"), problems),
      fallbackPolicy: read.matching("fallbackPolicy", id, "a PagerDuty id", "PXXXXXX") || null,
      policies: readIds("policies", read.list("policies"), problems),
    },
    protect: read.boolean("protect", true),
    publicWebhook: read.boolean("publicWebhook", true),
    retrain: readRetrain(read.text("retrain"), problems),
    reportMembers: readMembers(read.list("reportMembers"), problems),
    digestWebhook:
      read.matching(
        "digestWebhook",
        /^https:\/\/[^\s@/]+\/[^\s]+$/,
        "the address of a webhook that begins with https://",
        "",
        true,
      ) || null,
    timeZone: readTimeZone(read.text("timeZone"), problems),
    historyImport: readHistoryImport(read.text("historyImport"), problems),
    oldProject: read.boolean("oldProject", false),
    grantWait: read.duration("grantWait", "120s", {
      from: 0,
      to: 60 * MINUTE,
      says: "after an hour Google knows every grant",
    }),
    patience: read.duration("patience", "10m", {
      from: 0,
      to: 60 * MINUTE,
      says: "what takes longer than an hour is another fault",
    }),
    kmsKey: readKmsKey(read.text("kmsKey"), region, problems),
    minInstances,
    maxInstances: maxInstances === 0 ? null : maxInstances,
    vertexBaseUrl: read.matching("vertexBaseUrl", url, "a URL", "https://example.com") || null,
    pagerDutyBaseUrl: readBaseUrl(read.text("pagerDutyBaseUrl"), problems),
  };
  if (settings.bot.user !== null && settings.bot.email === null)
    problems.add(
      `mrdata:botUser is set and mrdata:botEmail is not, in whose name the bot pages: ${setWith("botEmail", "mrdata@example.com")}`,
    );
  return settings;
}

function readRegion(text: string, problems: Problems): Region {
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
function readKmsKey(text: string, region: Region, problems: Problems): string | null {
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

function readLabels(pairs: readonly string[], problems: Problems): Readonly<Record<string, string>> {
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

function readRetrain(text: string, problems: Problems): Settings["retrain"] {
  const value = text || "schedule";
  if (value === "schedule" || value === "off") return value;
  problems.add(`mrdata:retrain '${value}' is neither schedule nor off: ${setWith("retrain", "schedule")}`);
  return "schedule";
}

function readHosting(text: string, modelFolder: string | null, problems: Problems): Settings["hosting"] {
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
function readMembers(members: readonly string[], problems: Problems): readonly string[] {
  for (const one of members.filter((text) => !member.test(text)))
    problems.add(
      `mrdata:reportMembers '${one}' is not user:EMAIL, group:EMAIL, serviceAccount:EMAIL or domain:NAME: ${setWith("reportMembers", "group:sre@example.com")}`,
    );
  return [...new Set(members)];
}

function readTimeZone(text: string, problems: Problems): string | null {
  if (text === "") return null;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    problems.add(`mrdata:timeZone '${text}' is not a time zone: ${setWith("timeZone", "Europe/Berlin")}`);
    return null;
  }
}

function readHistoryImport(text: string, problems: Problems): Settings["historyImport"] {
  const value = text || "off";
  if (value === "on" || value === "off") return value;
  problems.add(`mrdata:historyImport '${value}' is neither on nor off: ${setWith("historyImport", "off")}`);
  return "off";
}

/** The functions refuse what is wrong with it, too: they would not start. A password is not said again. */
function readBaseUrl(text: string, problems: Problems): string | null {
  const problem = text === "" ? null : baseUrlProblem(text);
  if (problem === null) return text || null;
  const said =
    text.includes("@") || !problem.startsWith("is not a URL") ? ` ${problem}` : ` '${text}' is not a URL`;
  problems.add(
    `mrdata:pagerDutyBaseUrl${said}: ${setWith("pagerDutyBaseUrl", "https://api.eu.pagerduty.com")}`,
  );
  return null;
}

function readScope(text: string, problems: Problems): Scope {
  if (text === "account") return { type: "account_reference", id: null };
  const [, kind, ident] = /^(service|team):([A-Z0-9]{1,32})$/.exec(text) ?? [];
  if (ident !== undefined)
    return { type: kind === "team" ? "team_reference" : "service_reference", id: ident };
  problems.add(
    `mrdata:webhookScope '${text}' is not account, service:ID or team:ID: ${setWith("webhookScope", "account")}`,
  );
  return { type: "account_reference", id: null };
}

function readIds(key: string, ids: readonly string[], problems: Problems): readonly string[] {
  for (const one of ids.filter((text) => !id.test(text)))
    problems.add(`mrdata:${key} '${one}' is not a PagerDuty id: ${setWith(key, "PXXXXXX,PYYYYYY")}`);
  return ids;
}
