import {
  armedServices,
  type Decided,
  defaultSettings,
  disarmAll,
  disarmService,
  type Ledger,
  modeOf,
  systemClock,
  UnreadableDocumentError,
} from "@mrdata/platform";
import { pagerDutyOf, readEnvironment } from "@mrdata/runtime";
import { confirmName } from "../confirm.ts";
import { asksPagerDuty, type Declare, onTarget } from "../declare.ts";
import { disarmByNote } from "../disarm/by-note.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { durationWith } from "../option-types.ts";
import { UnreachableError } from "../reachable-ledger.ts";
import { chooseTarget, openOrCreateTarget, type TargetOptions } from "../target.ts";
import type { Terminal } from "../terminal.ts";
import { whoIs } from "../who.ts";

export type DisarmOptions = TargetOptions & {
  readonly json: boolean;
  readonly all: boolean;
  readonly why: string;
  readonly who?: string | undefined;
  readonly anew: boolean;
  readonly confirm?: string | undefined;
  /** Disarm by a note on this incident, or on one that is found (true); left out: in the ledger. */
  readonly byNote?: string | true | undefined;
  /** How long to wait for the bot's answer to a note, milliseconds. */
  readonly wait: number;
};

/** Takes the bot off a service, or off everything. Effective at once and without a confirmation: this is run at 3 am. */
export async function disarm(
  service: string | undefined,
  options: DisarmOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { all, why, json } = options;
  if (options.byNote === undefined && (service === undefined) !== all)
    throw new CommandError(
      all
        ? `--all disarms every service: leave ${service} out, or leave --all out`
        : "name the service to disarm, or give --all",
      exitCodes.usage,
    );
  if (why.trim() === "") throw new CommandError("say why: --why 'it flaps'", exitCodes.usage);
  if (options.anew && !all) throw new CommandError("--anew goes with --all", exitCodes.usage);
  if (options.byNote !== undefined) return byNote(service, options, options.byNote, terminal, env);
  const ledger = await openOrExplainAlternatives(options, env);
  const decided = { who: whoIs(options.who), at: Date.now(), why };
  try {
    let before: readonly string[] = [];
    await ledger.changeSettings((settings) => {
      before = armedServices(settings);
      if (service === undefined) return disarmAll(settings, decided);
      if (!Object.hasOwn(settings.services, service))
        throw new CommandError(
          `service ${service} has no mode of its own, so it is not armed. Armed: ${before.join(", ") || "none"}`,
        );
      if (modeOf(settings, service) !== "armed") return settings;
      return disarmService(settings, service, decided);
    });
    const disarmed = service === undefined ? before : before.filter((one) => one === service);
    if (json) terminal.out(JSON.stringify({ disarmed, all, ...decided }));
    else
      terminal.out(
        disarmed.length === 0
          ? `${service === undefined ? "Nothing was armed" : `${service} was not armed`}: everything is paged at once.`
          : `Disarmed by ${decided.who}: ${disarmed.join(", ")}. What is held is paged, and everything that still reaches the bot is paged at once, within a minute.`,
      );
    if (!json)
      terminal.say(
        "Next: in PagerDuty, put the people's own policy back on the service. To arm it again: mrdata arm <service> --policy ID.",
      );
  } catch (error) {
    if (!(error instanceof UnreadableDocumentError)) throw error;
    const nothing = `The settings cannot be read, so nothing is held and everything is paged at once: ${error.message}`;
    if (!options.anew)
      throw new CommandError(
        `${nothing}. To write cautious ones in their place, disarmed: mrdata disarm --all --anew --why …`,
        exitCodes.unhealthy,
      );
    if (!json) terminal.say(`${nothing}.`);
    await overwriteSettings(ledger, decided, options.confirm);
    if (json) terminal.out(JSON.stringify({ disarmed: [], all, anew: true, ...decided }));
    else
      terminal.out(
        `Cautious settings are written in their place, disarmed by ${decided.who}. The never-hold list and all else that was set are gone: set them again (mrdata settings) before anything is armed.`,
      );
  } finally {
    await ledger.close();
  }
}

/** Disarms everything through PagerDuty alone, with the caller's own key, and reports whether the bot obeyed. */
async function byNote(
  service: string | undefined,
  { why, wait, json, all }: DisarmOptions,
  on: string | true,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  if (service !== undefined || !all)
    throw new CommandError(
      "a note disarms everything: give --all, or disarm one service in the ledger, without --by-note",
      exitCodes.usage,
    );
  const environment = readEnvironment({ ...env, MRDATA_TARGET: "local:." });
  const key = env.MRDATA_PAGERDUTY_TOKEN;
  if (!key)
    throw new CommandError(
      "no PagerDuty key: set MRDATA_PAGERDUTY_TOKEN to one of your own (PagerDuty: My Profile → User Settings → API Access). Without one, write the note 'mrdata: disarm' on any incident in PagerDuty yourself: it does the same",
      exitCodes.notConfigured,
    );
  const pagerduty = pagerDutyOf({ environment, clock: systemClock }, async () => key);
  const { incident, answer } = await disarmByNote(
    { pagerduty, clock: systemClock },
    {
      incident: on === true ? null : on,
      why: why.replace(/\s+/g, " "),
      bot: environment.MRDATA_BOT_USER,
      from: environment.MRDATA_FROM,
      waitMs: wait,
      onWritten: (written) => {
        if (!json) terminal.say(`The note is on ${written}; waiting for the bot's answer …`);
      },
    },
  );
  if (json) terminal.out(JSON.stringify({ byNote: incident, obeyed: answer !== null, answer }));
  else if (answer !== null) terminal.out(`Obeyed: ${answer}`);
  if (answer === null)
    throw new CommandError(
      `the note is on ${incident}, and the bot has not answered within ${wait / 1_000} s: do not count on it. ${ADVICE_WITHOUT_BOT}`,
      exitCodes.unhealthy,
    );
}

const ADVICE_WITHOUT_BOT =
  "In PagerDuty, edit the escalation policies so that level 1 is people (or put the people's own policy back on the services), and what opens from then on reaches them at once";

/** Opens the ledger; if it cannot be reached, the error lists the ways to disarm without it. */
async function openOrExplainAlternatives(options: TargetOptions, env: NodeJS.ProcessEnv): Promise<Ledger> {
  try {
    return await openOrCreateTarget(chooseTarget(options, env), env).ledger();
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    throw new CommandError(
      `${error.message}. While the bot cannot reach it either, it holds nothing new. What needs no ledger: 'mrdata disarm --all --by-note' with a PagerDuty key of your own, or the note 'mrdata: disarm' on any incident, which the bot keeps as soon as its ledger answers. ${ADVICE_WITHOUT_BOT}`,
      error.exitCode,
    );
  }
}

/** Overwrites settings that cannot be read. Their contents are lost, so it asks for a confirmation. */
async function overwriteSettings(
  ledger: Ledger,
  decided: Decided,
  confirm: string | undefined,
): Promise<void> {
  await confirmName(
    "The settings that cannot be read are overwritten, their never-hold list with them",
    "settings",
    confirm,
  );
  await ledger.saveSettings(disarmAll(defaultSettings, decided));
}

export const declareDisarm: Declare = (program, { terminal, env }) => {
  asksPagerDuty(onTarget(program.command("disarm [service]")))
    .description("stop holding: at once, without a deploy; everything held is paged")
    .option("--all", "every service", false)
    .option("--anew", "with --all: where the settings cannot be read, write cautious ones, disarmed", false)
    .option("--confirm <name>", "for --anew: settings")
    .option(
      "--by-note [incident]",
      "with --all: by a note in PagerDuty, with a key of your own; needs no ledger",
    )
    .addOption(durationWith("--wait <duration>", "for --by-note: how long the bot may take to answer", "90s"))
    .requiredOption("--why <text>", "for the record")
    .option("--who <name>", "for the record (default: the account's name)")
    .addHelpText(
      "after",
      `
Running functions obey within a minute. The note 'mrdata: disarm' on any incident does the same as --all.
With settings that cannot be read nothing is held and everything is paged: it says so and ends with 4, and --anew writes
cautious ones in their place, after a confirmation.

Examples:
  mrdata disarm PDATABASE --why 'it flaps'
  mrdata disarm --all --why 'too many late pages'
  MRDATA_PAGERDUTY_TOKEN=… mrdata disarm --all --by-note --why 'no log-in here'
  mrdata disarm --all --anew --confirm=settings --why 'the settings are broken'`,
    )
    .action((service, options) => disarm(service, options, terminal, env));
};
