import { BY_ITSELF, newestOwnRate, readBudget } from "@mrdata/functions/standing";
import type { Prediction } from "@mrdata/incident";
import {
  type Certificate,
  certificateSentence,
  certificateShortfall,
  ModelRefusedError,
  readCard,
} from "@mrdata/learning";
import { type Ledger, lastDecidedBefore, type ModelStore, type Settings } from "@mrdata/platform";
import {
  type BudgetEvidence,
  type BudgetSpent,
  budgetSentence,
  isLiveHold,
  problemsOfStoredRails,
} from "@mrdata/responder";
import { readEnvironment } from "@mrdata/runtime";
import { type EndpointUse, endpointSentence, endpointUse } from "../decisions/endpoint-use.ts";
import { type DecisionRow, readDecisions } from "../decisions/ledger-of-decisions.ts";
import { type WindowOf, windowsOf } from "../decisions/window-of.ts";
import { type Declare, onTarget } from "../declare.ts";
import { openWithDeployedConfig } from "../deployed-config.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { type Learning, learningOf, learningSentence } from "../jobs/learning.ts";
import { certifiedBy } from "../models/certified-by.ts";
import { withReadableSettings } from "../settings-unreadable.ts";
import { chooseTarget, type TargetOptions } from "../target.ts";
import type { Terminal } from "../terminal.ts";
import { printWrapped } from "../wrapped.ts";

export type StatusOptions = TargetOptions & { readonly json: boolean };

export type Status = {
  readonly disarmed: Settings["disarmed"];
  /** Why nothing is held although the settings can be read; empty if nothing is wrong. */
  readonly settingsProblems: readonly string[];
  readonly services: readonly ({ readonly service: string } & Settings["services"][string])[];
  readonly champion: string | null;
  /** Automatic training: whether it may promote, the last job, and the running one. */
  readonly learning: Learning;
  /** The certificate of the champion, or without one of the alert type's historical rate; null if there is none, or none that can be read. */
  readonly certificate: Certificate | null;
  /** Why the certificate does not cover the current settings, as a phrase; null if it does. */
  readonly certificateShortfall: string | null;
  /** How new versions are certified. */
  readonly certificateSettings: Settings["certificate"] & Pick<Settings, "missBudget">;
  readonly budget: BudgetSpent;
  /** Evidence for a miss rate above the budget; null before the first real incident. */
  readonly budgetEvidence: BudgetEvidence | null;
  /** Why the bot must stop holding, and what to look at; null if it need not. */
  readonly budgetExceeded: string | null;
  readonly budgetWarning: string | null;
  /** Whether the endpoint's answers count; null without one, or where it was not asked. */
  readonly endpoint: EndpointUse | null;
  /** What is held now. */
  readonly holds: readonly Pick<Prediction, "incident" | "service" | "openedAt" | "holdUntil">[];
  /** The last ten, newest first. */
  readonly decisions: readonly DecisionRow[];
  /** If there are none in the last 30 days: when the last incident before that with a decision opened, ISO 8601; else null. */
  readonly lastDecidedAt: string | null;
};

/** What is read of model versions: their windows and certificates. */
export type StatusReaders = {
  readonly windowOf: WindowOf;
  readonly certificateOf: (champion: string | null) => Promise<Certificate | null>;
  /** When trainings start automatically, as deployed: by a schedule, or at an interval in milliseconds. */
  readonly retrain?: number | "schedule" | null;
};

/** Reads the certificate of a version, or of the historical rate without a champion; null if it cannot be read. `windowMs`: milliseconds. */
const certificatesOf =
  (models: Pick<ModelStore, "read" | "versions">, windowMs: number): StatusReaders["certificateOf"] =>
  async (champion) => {
    try {
      if (champion === null) return (await newestOwnRate(models, windowMs))?.certificate ?? null;
      return (await readCard((file) => models.read(champion, file))).certificate;
    } catch (error) {
      if (error instanceof ModelRefusedError) return null;
      throw error;
    }
  };

const MAX_DECISIONS = 10;
/** Columns by which continuation lines are indented. */
const HANGING_INDENT = 11;
/** Predictions in which the endpoint is looked for, the newest of the last month. */
const MAX_ENDPOINT = 1_000;
const MONTH_MS = 30 * 86_400_000;

/** Reads the bot's status. Throws UnreadableDocumentError if the settings cannot be read. */
export async function statusOf(
  ledger: Ledger,
  now: number,
  { windowOf, certificateOf, retrain = null }: StatusReaders,
): Promise<Status> {
  const settings = await ledger.settings();
  const [champion, { evidence, exceeded, warning, ...budget }, holds, { rows }, lately] = await Promise.all([
    ledger.alias("champion"),
    readBudget(ledger, settings, now),
    ledger.holdsSince(now),
    readDecisions(ledger, { since: now - MONTH_MS, now, windowOf, limit: MAX_DECISIONS }),
    ledger.predictions({ since: now - MONTH_MS, limit: MAX_ENDPOINT }),
  ]);
  const certificate = await certificateOf(champion);
  const lastDecidedAt = rows.length === 0 ? await lastDecidedBefore(ledger, now - MONTH_MS) : null;
  const { missBudget } = settings;
  const wanted = { budget: missBudget, delta: settings.certificate.delta };
  const modeNow = (service: string) => settings.services[service]?.mode ?? "shadow";
  return {
    disarmed: settings.disarmed,
    settingsProblems: problemsOfStoredRails(settings.rails),
    services: Object.entries(settings.services).map(([service, one]) => ({ service, ...one })),
    champion,
    learning: await learningOf(ledger, { now, retrain }),
    certificate,
    certificateShortfall: certificateShortfall(certificate, wanted),
    certificateSettings: { missBudget, ...settings.certificate },
    budget,
    budgetEvidence: evidence,
    budgetExceeded: exceeded,
    budgetWarning: warning,
    endpoint: endpointUse(lately),
    holds: holds
      .filter((hold) => isLiveHold(hold, { ...settings, mode: modeNow(hold.service) }, now))
      .map(({ incident, service, openedAt, holdUntil }) => ({ incident, service, openedAt, holdUntil })),
    decisions: rows,
    lastDecidedAt: lastDecidedAt === null ? null : new Date(lastDecidedAt).toISOString(),
  };
}

/** Prints the bot's status. Exits with 4 if it is disarmed, disarmed a service itself, has spent its miss budget, or cannot read its settings. */
export async function status(
  options: StatusOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const {
    ledger,
    backend,
    windowMs,
    env: deployed,
  } = await openWithDeployedConfig(chooseTarget(options, env), env);
  try {
    const now = Date.now();
    const models = await backend.models();
    const { MRDATA_RETRAIN: retrain } = readEnvironment({ ...deployed, MRDATA_TARGET: "local:." });
    const readers = {
      windowOf: windowsOf(models, windowMs),
      certificateOf: certificatesOf(models, windowMs),
      retrain,
    };
    const read = await withReadableSettings(() => statusOf(ledger, now, readers));
    if (options.json) terminal.out(JSON.stringify(read));
    else printWrapped(terminal, linesOf(read, now, terminal), HANGING_INDENT);
    const { disarmed, budgetExceeded } = read;
    if (disarmed !== null)
      throw new CommandError(
        `the bot is disarmed, by ${disarmed.who}: ${disarmed.why}. Arm a service again with mrdata arm`,
        exitCodes.unhealthy,
      );
    if (read.settingsProblems.length > 0)
      throw new CommandError(
        `nothing is held by these settings: ${read.settingsProblems.join("; ")}`,
        exitCodes.unhealthy,
      );
    const off = read.services.filter(({ mode, who }) => mode === "shadow" && who === BY_ITSELF);
    if (off.length > 0)
      throw new CommandError(
        `the bot disarmed ${off.map(({ service, why }) => `${service}, for ${why}`).join("; ")}. Mend that and arm again`,
        exitCodes.unhealthy,
      );
    if (budgetExceeded !== null)
      throw new CommandError(`the miss budget is spent: ${budgetExceeded}`, exitCodes.unhealthy);
  } finally {
    await ledger.close();
  }
}

const minutesLeft = (until: number | null, now: number): string =>
  `${Math.max(0, Math.ceil(((until ?? now) - now) / 60_000))} min left`;

/** The evidence as a bar on a logarithmic scale, from 1 to the level that disarms. */
function evidenceLine({ budgetEvidence: of, budgetWarning }: Status): string {
  if (of === null)
    return budgetWarning ?? "none yet: no incident of an armed service has needed a human since it was armed";
  const { evidence, warnsAt, disarmsAt, real, misses, since } = of;
  const reached = Math.min(1, Math.max(0, Math.log(evidence) / Math.log(disarmsAt)));
  const filled = Math.round(BAR_WIDTH * reached);
  const line = `${"█".repeat(filled)}${"·".repeat(BAR_WIDTH - filled)}`;
  const warning = budgetWarning === null ? "" : ` ${budgetWarning}`;
  return `${line} ${evidence.toFixed(2)} for a miss rate above the budget (${warnsAt.toFixed(0)} warns, ${disarmsAt} disarms), by ${misses} misses of ${real} since ${since.slice(0, 10)}.${warning}`;
}

const BAR_WIDTH = 12;

/** The promise of the certificate in force, or why there is none. */
function promiseOf({ champion, certificate, certificateShortfall: shortfall }: Status): string {
  if (certificate !== null && shortfall === null) return certificateSentence(certificate);
  const whose = champion === null ? "the alert's own rate" : "the champion";
  return `none that counts: ${whose} ${shortfall}. Nothing is held above annotate until 'mrdata train --promote' has made a version that is certified for what is set`;
}

function linesOf(status: Status, now: number, { bold }: Terminal): readonly string[] {
  const { services, champion, certificateSettings, budget, holds, decisions, disarmed, endpoint } = status;
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  return [
    `${bold("mode")}       ${disarmed === null ? "by service; those not named here are in shadow" : `disarmed by ${disarmed.who}: ${disarmed.why}`}`,
    ...services.map(
      ({ service, mode, policy, who, at, why }) =>
        `  ${service}  ${mode}${policy === null ? "" : ` under ${policy}`}, by ${who}${at === 0 ? "" : ` on ${day(at)}`}${why === "" ? "" : `: ${why}`}`,
    ),
    `${bold("champion")}   ${champion ?? "none: the alert's own rate stands in"}`,
    `${bold("promise")}    ${promiseOf(status)}`,
    `${bold("learning")}   ${learningSentence(status.learning)}`,
    ...status.learning.drifted.map((sentence) => `  ${sentence}`),
    `${bold("certified")}  ${certifiedBy(certificateSettings)}`,
    `${bold("budget")}     ${budgetSentence(budget)} Spent: ${budget.spent > 100 ? "all" : `${Math.round(100 * budget.spent)} %`}.`,
    `${bold("evidence")}   ${evidenceLine(status)}`,
    ...(endpoint === null ? [] : [`${bold("endpoint")}   ${endpointSentence(endpoint)}`]),
    `${bold("held now")}   ${holds.length === 0 ? "nothing" : ""}`.trimEnd(),
    ...holds.map(
      ({ incident, service, holdUntil }) => `  ${incident}  ${service}  ${minutesLeft(holdUntil, now)}`,
    ),
    `${bold("lately")}     ${decisions.length === 0 ? nothingLately(status) : ""}`.trimEnd(),
    ...decisions.map(
      ({ openedAt, incident, service, decision, decidedBy, result }) =>
        `  ${new Date(openedAt).toISOString().slice(0, 16).replace("T", " ")}  ${decision} (${decidedBy})  ${result}  ${service}  ${incident}`,
    ),
  ];
}

const nothingLately = ({ lastDecidedAt }: Status): string =>
  lastDecidedAt === null
    ? "nothing was decided"
    : `nothing was decided in the last 30 days; the last decision is of ${lastDecidedAt.slice(0, 16).replace("T", " ")} UTC`;

export const declareStatus: Declare = (program, { terminal, env }) => {
  onTarget(program.command("status"))
    .description("how the bot stands: modes, champion, miss budget, what is held now, the last decisions")
    .addHelpText(
      "after",
      "\nEnds with 4 when the bot is disarmed, when it disarmed a service itself, when its miss budget is spent, or when its settings cannot be read.",
    )
    .action((options) => status(options, terminal, env));
};
