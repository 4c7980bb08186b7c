import type { Settings } from "@mrdata/platform";
import { railSettings } from "@mrdata/responder";
import { wrapped } from "./wrapped.ts";

const percent = (share: number): string => `${Number((100 * share).toFixed(2))} %`;
const list = (items: readonly (string | number)[]): string => items.join(", ") || "nothing";
const day = (at: number): string => new Date(at).toISOString().slice(0, 16).replace("T", " ");
const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

const hoursOf = (hours: Settings["hours"]): string =>
  hours === null
    ? "at any time"
    : `from ${hours.from} to ${hours.to} (${hours.zone})${hours.days === null ? "" : `, on ${list(hours.days.map((one) => DAYS[one] ?? one))}`}`;

/** A stored value in words: a guard rail's setting may be any JSON value. */
function valueText(value: unknown): string {
  if (value === null || value === undefined) return "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return list(value.map(valueText));
  if (typeof value === "object")
    return list(Object.entries(value).map(([name, of]) => `${name} ${valueText(of)}`));
  return String(value);
}

/** The settings, one field per line, as a sentence with units. The names are those of `mrdata settings`. */
export function settingsLines(settings: Settings, columns?: number): readonly string[] {
  const { neverHold, caps, storm, certificate, rails } = settings;
  const armed = Object.entries(settings.services);
  const lines: readonly (readonly [string, string])[] = [
    [
      "disarmed",
      settings.disarmed === null ? "no" : `everything, by ${settings.disarmed.who}: ${settings.disarmed.why}`,
    ],
    [
      "services",
      armed.length === 0
        ? "all in shadow"
        : armed
            .map(([id, { mode, policy }]) => `${id} ${mode}${policy === null ? "" : ` under ${policy}`}`)
            .join(", "),
    ],
    ["neverHold.services", list(neverHold.services)],
    ["neverHold.priorities", list(neverHold.priorities)],
    ["neverHold.urgencies", list(neverHold.urgencies)],
    ["neverHold.titles", list(neverHold.titles.map((title) => `"${title}"`))],
    ["hours", `holding is allowed ${hoursOf(settings.hours)}`],
    ["caps.service", `at most ${caps.service} holds of a service within an hour`],
    ["caps.all", `at most ${caps.all} holds in all within an hour`],
    ["novelty", `an alert that was seen fewer than ${settings.novelty} times is paged`],
    ["history", `a service with fewer than ${settings.history} known outcomes is paged`],
    ["storm.seconds", `a storm is counted within ${storm.seconds} seconds`],
    ["storm.least", `and takes ${storm.least} incidents at least`],
    ["storm.times", `and ${storm.times} times as many as usual`],
    ["control", `${percent(settings.control)} of what could be held is paged all the same, to learn from it`],
    [
      "missBudget",
      `at most ${percent(settings.missBudget)} of the incidents that need a human may be delayed`,
    ],
    ["certificate.delta", `a certificate is wrong with a chance of ${percent(certificate.delta)} at most`],
    ["certificate.days", `and counts incidents of the last ${certificate.days} days`],
    ["fallbackPolicy", settings.fallbackPolicy ?? "the one of the deployment"],
    [
      "maintenance",
      settings.maintenance.length === 0
        ? "none"
        : settings.maintenance
            .map(({ service, from, to, why }) => `${service ?? "all"} ${day(from)} to ${day(to)} UTC: ${why}`)
            .join("; "),
    ],
    ...[...railSettings].map(([name, { help, default: usual }]): readonly [string, string] => {
      const set = Object.hasOwn(rails, name);
      return [
        `rails.${name}`,
        `${valueText(set ? rails[name] : usual)}${set ? "" : " (unless set)"}: ${help}`,
      ];
    }),
    ...Object.keys(rails)
      .filter((name) => !railSettings.has(name))
      .map((name): readonly [string, string] => [
        `rails.${name}`,
        `${valueText(rails[name])}: not known here`,
      ]),
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.flatMap(([name, text]) => wrapped(`${name.padEnd(width)}  ${text}`, columns, width + 2));
}
