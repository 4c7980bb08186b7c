import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "@mrdata/base";
import { MIN_INCIDENTS, type ModelCard, TREES, type UnsealedVersion, usualRule } from "@mrdata/learning";
import { filesOf, specOf, type Trained } from "@mrdata/training";
import { trainHere } from "@mrdata/training/threads";
import { choicesOf } from "../choices.ts";
import { choicesLines } from "../choices-lines.ts";
import { type Declare, onTarget } from "../declare.ts";
import { assertWindow, deployedConfigOf } from "../deployed-config.ts";
import { CommandError } from "../exit-codes.ts";
import { allLeftOut, sayColumns } from "../history/columns-said.ts";
import { type HistoryOptions, loadHistory } from "../history/load-history.ts";
import { readingOptions } from "../history/reading-options.ts";
import { promoteVersion } from "../models/promote-version.ts";
import { publishNext } from "../models/publish-version.ts";
import { refuseUncertifiable } from "../models/refuse-uncertifiable.ts";
import { standsInSentence } from "../models/stands-in.ts";
import { trainDistributed } from "../models/train-distributed.ts";
import { trainedLines } from "../models/trained-lines.ts";
import {
  certificateDaysOption,
  durationOption,
  refitsOption,
  seedOption,
  shareOption,
  workersOption,
} from "../option-types.ts";
import { paceOf } from "../pace.ts";
import { progressBar } from "../progress-bar.ts";
import { chooseTarget, openOrCreateTarget, type TargetOptions } from "../target.ts";
import type { Terminal } from "../terminal.ts";
import { threads } from "../threads.ts";
import { printWrapped } from "../wrapped.ts";

export type TrainOptions = TargetOptions &
  HistoryOptions & {
    /** The hold window, milliseconds; defaults to the deployed bot's. */
    readonly window?: number;
    readonly refits: number;
    /** A share from 0 to 1; defaults to the deployed bot's. */
    readonly missBudget?: number;
    /** The chance that the certificate is wrong, and how many days back its rows reach; both default to the deployed bot's. */
    readonly delta?: number;
    readonly certificateDays?: number;
    /** Whether the version also reports the results of other hold windows. */
    readonly windows: boolean;
    readonly seed: number;
    /** Train as a job with this many workers. */
    readonly distributed?: number;
    readonly out?: string;
    readonly promote: boolean;
    /** Promote even if it is suspect. */
    readonly iKnow?: boolean;
    /** Promote even if it holds nothing. */
    readonly evenSo?: boolean;
    readonly json: boolean;
    /** The current time in a simulation, milliseconds since the epoch: later facts are not trained on. */
    readonly now?: number;
    /** Called with the trained version before it is reported. */
    readonly onTrained?: (trained: Trained) => void;
  };

/** Trains a model version on a history and publishes it, or writes its folder. */
export async function train(
  histories: readonly string[],
  options: TrainOptions,
  terminal: Terminal,
  caller: NodeJS.ProcessEnv,
): Promise<void> {
  const { refits, seed, out, promote, json, now = Date.now() } = options;
  if (out !== undefined && promote)
    throw new CommandError("--promote is for a version that is published: leave out --out", 2);
  if (out !== undefined && options.distributed !== undefined)
    throw new CommandError("a job publishes what it makes: leave out --out, or --distributed", 2);
  const touchesNoTarget = out !== undefined && histories.length > 0;
  const {
    env,
    windowMs: deployedWindow,
    ...deployed
  } = await deployedConfigOf(touchesNoTarget ? null : chooseTarget(options, caller), caller);
  const { window = deployedWindow, missBudget = deployed.missBudget } = options;
  const { delta = deployed.certificate.delta, certificateDays: days = deployed.certificate.days } = options;
  const certificate = { budget: missBudget, delta, days };
  refuseUncertifiable(certificate);
  // The functions would refuse such a champion and page everything.
  if (promote) assertWindow(window, deployedWindow, "--window");
  const { incidents, from, bad, ...read } = await loadHistory(histories, options, terminal, env);
  if (incidents.length < MIN_INCIDENTS)
    throw new CommandError(
      `${from} has ${incidents.length} incidents, and ${MIN_INCIDENTS} are the fewest that a model can be learnt from`,
    );
  const spec = specOf({
    now,
    windowMs: window,
    refits,
    seed,
    trees: TREES,
    rule: { ...usualRule, missBudget },
    certificate,
    keepColumns: [...(options.keepColumn ?? [])],
    windows: options.windows,
    unattended: false,
  });
  if (options.distributed !== undefined)
    return trainDistributed({ incidents, bad, spec, workers: options.distributed }, options, terminal, env);
  const pace = paceOf(Date.now);
  const trained = await trainHere(incidents, spec, {
    workers: threads(refits),
    progress: (done, of, task) => terminal.progress(`${progressBar(done, of)}${pace(done, of)}  ${task}`),
  });
  options.onTrained?.(trained);
  const { card, onPast } = trained;
  const leftOut = allLeftOut(read.columnsLeftOut, card.columnsLeftOut ?? []);
  sayColumns({ leftOut, kept: card.columnsKept ?? [] }, terminal);
  const files = filesOf(trained);
  const written =
    out === undefined
      ? await publish(files, card, options, env)
      : { version: null, promoted: false, refused: null, where: writeFolder(out, files) };
  const standsIn =
    out === undefined && card.certificate === null && trained.fallbackVersion !== null
      ? await publishFallback(trained.fallbackVersion, options, env)
      : null;
  if (json) {
    const { version, promoted, where } = written;
    const { certificate } = card;
    terminal.out(
      JSON.stringify({ version, promoted, where, bad, card, onPast, certificate, fallback: standsIn }),
    );
    if (written.refused !== null) throw written.refused;
    return;
  }
  const { threshold } = card;
  terminal.out(`${written.version ?? "a version"} in ${written.where}`);
  printWrapped(terminal, trainedLines(card, onPast));
  if (card.remark !== null && threshold !== null) terminal.say(card.remark);
  if (standsIn !== null) terminal.say(standsInSentence(standsIn));
  if (written.promoted && threshold === null)
    terminal.say(
      "A champion that holds nothing spares nothing: without one the bot goes by the alert type's own rate.",
    );
  if (threshold === null && options.windows) {
    const progress = (sentence: string) => terminal.progress(sentence);
    const choices = await choicesOf(incidents, { windowMs: window, seed, certificate, progress });
    if (choices !== null) printWrapped(terminal, choicesLines(choices, terminal));
  }
  if (written.promoted) terminal.out("  It is champion now: running functions follow within half a minute.");
  else if (written.refused !== null) throw written.refused;
  else if (written.version !== null)
    terminal.say(`It is not champion: that takes 'mrdata train … --promote'.`);
}

async function publish(
  files: ReadonlyMap<string, Uint8Array>,
  { threshold, suspicions = [] }: Pick<ModelCard, "threshold" | "suspicions">,
  { promote, iKnow = false, evenSo = false, ...options }: TrainOptions,
  env: NodeJS.ProcessEnv,
) {
  const target = chooseTarget(options, env);
  const backend = openOrCreateTarget(target, env);
  const models = await backend.models();
  const version = await publishNext(models, files);
  const where =
    target.kind === "local"
      ? join(target.directory, "models", version)
      : `gs://${env.MRDATA_MODEL_BUCKET}/${version}`;
  if (!promote) return { version, promoted: false, refused: null, where };
  const ledger = await backend.ledger();
  try {
    await promoteVersion(ledger, models, { version, threshold, suspicions }, { evenSo, iKnow });
    return { version, promoted: true, refused: null, where };
  } catch (error) {
    // It stays published, and that is reported before the refusal.
    if (error instanceof CommandError) return { version, promoted: false, refused: error, where };
    throw error;
  } finally {
    await ledger.close();
  }
}

/** Publishes the alert type's historical rate as a version, which only a person promotes. Returns its name. */
async function publishFallback(
  version: UnsealedVersion,
  options: TrainOptions,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const models = await openOrCreateTarget(chooseTarget(options, env), env).models();
  return publishNext(models, filesOf(version));
}

function writeFolder(folder: string, files: ReadonlyMap<string, Uint8Array>): string {
  try {
    mkdirSync(folder, { recursive: true });
    for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
    return folder;
  } catch (error) {
    throw new CommandError(`${folder} cannot be written: ${messageOf(error)}`);
  }
}

export const declareTrain: Declare = (program, { terminal, env }) => {
  readingOptions(onTarget(program.command("train [file...]")))
    .description("a model version from a history: learner, calibration and threshold chosen on its past")
    .option("--window <duration>", "the hold window: 90s, 5m, 15m (default: the bot's)", durationOption)
    .option("--refits <n>", "blocks of the backtest that chooses", refitsOption, 12)
    .option(
      "--miss-budget <share>",
      "the most of the incidents that need a human which the certificate lets be held (default: the bot's own missBudget)",
      shareOption,
    )
    .option(
      "--delta <share>",
      "the chance that the certificate is wrong (default: the bot's own certificate.delta)",
      shareOption,
    )
    .option(
      "--certificate-days <n>",
      "how far back the rows of the certificate reach, days (default: the bot's own certificate.days)",
      certificateDaysOption,
    )
    .option("--no-windows", "leave out what other hold windows would come to, for a fifth of the time")
    .option("--seed <n>", "another draw of the trees", seedOption, 1)
    .option(
      "--distributed <workers>",
      "as a job of tasks: by this number of threads of this machine, or in the cloud by as many instances as there are tasks",
      workersOption,
    )
    .option("--out <dir>", "write the version's folder there instead of publishing it")
    .option("--promote", "make it champion at once", false)
    .option("--even-so", "with --promote: also if it holds nothing", false)
    .option("--i-know", "with --promote: also if it is suspect, because you know why it is so good", false)
    .addHelpText(
      "after",
      "\nWithout files the target's ledger is the history. What they may be: mrdata import --help.\n\nExample: mrdata train incidents.ndjson.gz --window 5m --promote",
    )
    .action((files, options) => train(files, options, terminal, env));
};
