import { assertBudget } from "@mrdata/learning";
import { type Ledger, type Settings, UnreadableDocumentError } from "@mrdata/platform";
import { problemsOfStoredRails, railSettings } from "@mrdata/responder";
import { asksPagerDuty, type Declare, onTarget } from "../declare.ts";
import { openWithDeployedConfig } from "../deployed-config.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { assertKnownService } from "../services/known-service.ts";
import { settingsLines } from "../settings-lines.ts";
import { chooseTarget, openOrCreateTarget, type TargetOptions } from "../target.ts";
import type { Terminal } from "../terminal.ts";

export type SettingsOptions = TargetOptions & { readonly json: boolean };

/** The fields that this command sets. Modes and disarming have commands of their own. */
const settable = [
  "neverHold.services",
  "neverHold.priorities",
  "neverHold.urgencies",
  "neverHold.titles",
  "hours",
  "caps.service",
  "caps.all",
  "novelty",
  "history",
  "storm.seconds",
  "storm.least",
  "storm.times",
  "control",
  "missBudget",
  "certificate.delta",
  "certificate.days",
  "fallbackPolicy",
  "maintenance",
] as const;

const railOf = (field: string): string | null =>
  field.startsWith("rails.") ? field.slice("rails.".length) : null;

const settableNow = (): readonly string[] => [
  ...settable,
  ...[...railSettings.keys()].map((name) => `rails.${name}`),
];

/** Shows the settings, or sets one field. A value that could not be read back is refused with the field's name. */
export async function settings(
  field: string | undefined,
  value: string | undefined,
  options: SettingsOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  if (field !== undefined && value === undefined)
    throw new CommandError(
      `say what '${field}' is to be, as JSON: mrdata settings ${field} …`,
      exitCodes.usage,
    );
  const { ledger, windowMs } = await openWithDeployedConfig(
    chooseTarget(options, env),
    env,
    openOrCreateTarget,
  );
  try {
    let now: Settings;
    if (field === undefined || value === undefined) now = await ledger.settings();
    else {
      const wanted = jsonOf(field, value);
      now = await ledger.changeSettings(changeOf(field, wanted));
    }
    if (options.json) terminal.out(JSON.stringify(now));
    else for (const line of settingsLines(now, terminal.columns)) terminal.out(line);
    if (field !== undefined && !options.json)
      terminal.say(`Set: ${field}. Running functions go by it from the next incident on.`);
    if ((field === "missBudget" || field === "certificate.delta") && !options.json)
      terminal.say(
        "What is certified for a larger one holds nothing of an armed service any more: 'mrdata status' says whether the champion is, and 'mrdata train --promote' makes a version for what is set.",
      );
    for (const problem of problemsOfStoredRails(now.rails))
      terminal.say(`Nothing is held by these settings: ${problem}.`);
    if (field === "neverHold.services")
      for (const id of now.neverHold.services) await warnOfUnknown(id, ledger, windowMs, terminal);
  } catch (error) {
    if (!(error instanceof UnreadableDocumentError)) throw error;
    throw new CommandError(
      field === undefined
        ? `the settings cannot be read, so everything is paged at once: ${error.message}`
        : `nothing was changed: ${error.message}`,
      field === undefined ? exitCodes.unhealthy : exitCodes.usage,
    );
  } finally {
    await ledger.close();
  }
}

/** Warns about an unknown service id but keeps it: it may not have had an incident yet. A misspelt one would not be protected. */
async function warnOfUnknown(
  id: string,
  ledger: Ledger,
  windowMs: number,
  terminal: Terminal,
): Promise<void> {
  try {
    await assertKnownService(id, { ledger, pagerduty: null }, windowMs);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    terminal.say(`Look again: ${error.message}`);
  }
}

/** The change that sets the field. Throws CommandError for a field that is not settable here, or an invalid guard rail value. */
function changeOf(field: string, wanted: unknown): (before: Settings) => Settings {
  const rail = railOf(field);
  if (rail !== null && wanted === null) return (before) => withoutRail(before, rail);
  if (!settableNow().includes(field)) throw new CommandError(refusal(field), exitCodes.usage);
  const [problem] = rail === null ? [] : problemsOfStoredRails({ [rail]: wanted });
  if (problem !== undefined) throw new CommandError(`nothing was changed: ${problem}`, exitCodes.usage);
  if (field === "missBudget" && typeof wanted === "number") assertCertifiable(wanted);
  return (before) => replaced(before, field.split("."), wanted);
}

/** Throws CommandError for a miss budget of 0 or 1, for which nothing can be certified; the message is that of training. */
function assertCertifiable(budget: number): void {
  try {
    assertBudget(budget);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CommandError(`nothing was changed: ${error.message}`, exitCodes.usage);
  }
}

/** Removes a guard rail's setting, even of a rail unknown to this version; its default applies again. */
const withoutRail = (before: Settings, rail: string): Settings => ({
  ...before,
  rails: Object.fromEntries(Object.entries(before.rails).filter(([name]) => name !== rail)),
});

const refusal = (field: string): string =>
  /^(services|disarmed|schema)\b/.test(field)
    ? `'${field}' is not set by hand: use mrdata arm, mrdata mode or mrdata disarm`
    : `'${field}' is no setting: choose one of ${settableNow().join(", ")}`;

function jsonOf(field: string, value: string): unknown {
  try {
    // People write `.2`, and the options of other commands accept it.
    return JSON.parse(value.replace(/^(-?)(?=\.\d+$)/u, "$10"));
  } catch {
    throw new CommandError(
      `'${value}' is not JSON: write numbers as they are, texts in double quotes, lists like '["P1"]' (for ${field})`,
      exitCodes.usage,
    );
  }
}

/** The settings with the field replaced; they are validated when written. */
function replaced(before: Settings, [name = "", inner]: readonly string[], value: unknown): Settings {
  const whole: Record<string, unknown> = { ...before };
  const old = whole[name];
  whole[name] = inner === undefined ? value : { ...(typeof old === "object" ? old : {}), [inner]: value };
  return { ...before, ...whole };
}

/** A help line for each guard rail with a setting, taken from its declaration. */
const railHelp = (): string =>
  [...railSettings]
    .map(
      ([name, { help, default: usual }]) => `rails.${name}: ${help}; ${JSON.stringify(usual)} unless set.\n`,
    )
    .join("");

export const declareSettings: Declare = (program, { terminal, env }) => {
  asksPagerDuty(onTarget(program.command("settings [field] [value]")))
    .description("show the settings, or set one of the guard rails' numbers and lists")
    .addHelpText(
      "after",
      `
Fields: ${settableNow().join(", ")}.
${railHelp()}Values are JSON. A pattern of neverHold.titles is looked for anywhere in the title, in whatever case; * stands for anything.
certificate.delta is the chance that a certificate is wrong, certificate.days how far back its rows reach: of versions to come.
Times of maintenance are milliseconds since 1970. null takes a guard rail's own setting (rails.…) away. Nothing takes anything off neverHold but this command.

Examples:
  mrdata settings
  mrdata settings neverHold.titles '["payment*fail", "data loss"]'
  mrdata settings hours '{"zone":"Europe/Berlin","from":"22:00","to":"08:00","days":null}'
  mrdata settings missBudget 0.05`,
    )
    .action((field, value, options) => settings(field, value, options, terminal, env));
};
