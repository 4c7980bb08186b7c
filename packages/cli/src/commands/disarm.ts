import {
  armedServices,
  type Decided,
  defaultSettings,
  disarmAll,
  disarmService,
  type Ledger,
  modeOf,
  UnreadableDocumentError,
} from "@mrdata/platform";
import { confirmName } from "../confirm.ts";
import { asksPagerDuty, type Declare, onTarget } from "../declare.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { UnreachableError } from "../reach.ts";
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
};

/** Takes the bot off a service, or off everything: at once, without asking, for it is done at 3 am. */
export async function disarm(
  service: string | undefined,
  options: DisarmOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { all, why, json } = options;
  if ((service === undefined) !== all)
    throw new CommandError("name one service, or give --all: not both", exitCodes.usage);
  if (why.trim() === "") throw new CommandError("say why: --why 'it flaps'", exitCodes.usage);
  if (options.anew && !all) throw new CommandError("--anew goes with --all", exitCodes.usage);
  const ledger = await openOrTellAnotherWay(options, env);
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
    await writeAnew(ledger, decided, options.confirm);
    if (json) terminal.out(JSON.stringify({ disarmed: [], all, anew: true, ...decided }));
    else
      terminal.out(
        `Cautious settings are written in their place, disarmed by ${decided.who}. The never-hold list and all else that was set are gone: set them again (mrdata settings) before anything is armed.`,
      );
  } finally {
    await ledger.close();
  }
}

/** Who disarms at 3 am is told what works without the ledger, too. */
async function openOrTellAnotherWay(options: TargetOptions, env: NodeJS.ProcessEnv): Promise<Ledger> {
  try {
    return await openOrCreateTarget(chooseTarget(options, env), env).ledger();
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    throw new CommandError(
      `${error.message}. While the bot cannot reach it either, it holds nothing new. What needs no ledger: in PagerDuty, edit the escalation policies so that level 1 is people (or put the people's own policy back on the services), and what opens from then on reaches them at once; or write the note 'mrdata: disarm' on any incident, which the bot keeps as soon as its ledger answers`,
      error.exitCode,
    );
  }
}

/** In place of settings that cannot be read. What they said is lost with it, so it asks. */
async function writeAnew(ledger: Ledger, decided: Decided, confirm: string | undefined): Promise<void> {
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
  mrdata disarm --all --anew --confirm=settings --why 'the settings are broken'`,
    )
    .action((service, options) => disarm(service, options, terminal, env));
};
