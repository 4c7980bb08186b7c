import { randomUUID } from "node:crypto";
import { sendTask, usualSpec } from "@mrdata/functions";
import { learnerSettings, usualLearnerSettings } from "@mrdata/learning";
import { systemClock } from "@mrdata/platform";
import { settingsText, tunePage } from "@mrdata/report";
import {
  doneOf,
  planTuning,
  startJob,
  storeHistory,
  type Tuned,
  tunedIn,
  versionJobOf,
} from "@mrdata/training";
import { type Declare, onTarget } from "../declare.ts";
import { deployedConfigOf } from "../deployed-config.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { type HistoryOptions, loadHistory } from "../history/load-history.ts";
import { readingOptions } from "../history/reading-options.ts";
import { followJob } from "../jobs/follow-job.ts";
import { startLocalWorkers } from "../jobs/local-workers.ts";
import { limitOption, seedOption, workersOption } from "../option-types.ts";
import { type Column, tableLines } from "../table.ts";
import { chooseTarget, openOrCreateTarget, type TargetOptions } from "../target.ts";
import type { Terminal } from "../terminal.ts";
import { threads } from "../threads.ts";
import { printWrapped } from "../wrapped.ts";
import { writePage } from "../write-page.ts";

export type TuneOptions = TargetOptions &
  HistoryOptions & {
    readonly trials: number;
    /** Start no new trial after this many minutes. */
    readonly minutes?: number;
    readonly seed: number;
    /** Number of workers; in the cloud, of concurrent trials. */
    readonly distributed?: number;
    /** The id of an interrupted job to resume. */
    readonly resume?: string;
    /** The file to write the page to. */
    readonly page?: string;
    readonly json: boolean;
  };

const MAX_SHOWN = 10;

/**
 * Searches for better learner settings, as a job: on this machine with threads behind the embedded bus, in the cloud with the function
 * `learn`. `--resume` continues an interrupted job.
 */
export async function tune(
  histories: readonly string[],
  options: TuneOptions,
  terminal: Terminal,
  caller: NodeJS.ProcessEnv,
): Promise<void> {
  const { resume, json } = options;
  if (resume !== undefined && histories.length > 0)
    throw new CommandError(
      "a job that goes on has its history: leave out the files, or --resume",
      exitCodes.usage,
    );
  const target = chooseTarget(options, caller);
  const { env, windowMs, missBudget, certificate } = await deployedConfigOf(target, caller);
  const history = resume === undefined ? await loadHistory(histories, options, terminal, env) : null;
  const backend = openOrCreateTarget(target, env);
  const [ledger, results] = await Promise.all([backend.ledger(), backend.results()]);
  const workers = options.distributed ?? Math.max(1, threads(options.trials));
  const localWorkers = await startLocalWorkers(target, { workers, ledger, env });
  try {
    const id = resume ?? `tune-${randomUUID().slice(0, 8)}`;
    const now = systemClock.now();
    const bus = localWorkers?.bus ?? (await backend.bus());
    if (history !== null) {
      const { learners } = await ledger.training.state();
      const found = learnerSettings.safeParse(learners);
      const usual = usualSpec({ now, windowMs, budget: missBudget, certificate });
      const spec = {
        ...usual,
        seed: options.seed,
        windows: false,
        unattended: false,
        keepColumns: [...(options.keepColumn ?? [])],
      };
      const plan = {
        trials: options.trials,
        until: options.minutes === undefined ? null : now + 60_000 * options.minutes,
        seed: options.seed,
        width: Math.max(2, 2 * workers),
        usual: found.success ? found.data : usualLearnerSettings(usual.trees),
      };
      await planTuning({ id, plan, at: now }, ledger);
      await storeHistory({ id, spec }, history.incidents, { ledger, results });
      await startJob({ id, spec }, { ledger, send: sendTask(bus), now: () => now, report: () => {} });
      terminal.say(`${id} tunes; should it be interrupted: 'mrdata tune --resume ${id}'`);
    }
    const ended = await followJob(ledger, id, terminal);
    const { result } = (await doneOf(id, ledger)).get("tuned") ?? {};
    const bytes = result === undefined ? null : await results.read(result);
    if (bytes === null) throw new CommandError(`job ${id} tuned nothing: see 'mrdata jobs'`);
    const tuned = tunedIn(bytes);
    if (options.page !== undefined) writePage(options.page, tunePage({ job: id, ...tuned }));
    const version = tuned.learners === null ? null : await followJob(ledger, versionJobOf(id), terminal);
    if (json)
      terminal.out(
        JSON.stringify({ job: id, reason: ended.reason, version: version?.version ?? null, ...tuned }),
      );
    else {
      printWrapped(terminal, linesOf(tuned, terminal));
      if (ended.reason !== null) terminal.say(ended.reason);
      if (version !== null)
        terminal.say(
          version.reason === null
            ? `${version.version} is champion with these settings, and later trainings keep to them.`
            : `${version.version} has these settings and is not champion: ${version.reason}`,
        );
    }
  } finally {
    await localWorkers?.close();
    await ledger.close();
  }
}

/** The best trials as a table, and the importance of each setting as bars. */
function linesOf(
  { trials, mattered }: Tuned,
  terminal: Pick<Terminal, "bold" | "columns">,
): readonly string[] {
  const bars =
    mattered.length === 0
      ? []
      : [
          "",
          "what mattered, of the differences on the lowest rung:",
          ...tableLines(importanceColumns, mattered.slice(0, MAX_SHOWN), terminal),
        ];
  return [...tableLines(trialColumns, trials.slice(0, MAX_SHOWN), terminal), ...bars];
}

const trialColumns: readonly Column<Tuned["trials"][number]>[] = [
  { head: "trial", right: true, of: ({ trial }) => String(trial) },
  { head: "rung", right: true, of: ({ rung }) => String(rung) },
  { head: "Brier", right: true, of: ({ brier }) => brier.toFixed(4) },
  { head: "learner", of: ({ learner }) => learner },
  {
    head: "settings",
    of: ({ settings, isUsual }) => `${settingsText(settings)}${isUsual ? " (today)" : ""}`,
    shrinks: true,
  },
];

const importanceColumns: readonly Column<Tuned["mattered"][number]>[] = [
  { head: "setting", of: ({ learner, setting }) => `${learner} ${setting}` },
  { head: "share", right: true, of: ({ share }) => `${Math.round(100 * share)} %` },
  { head: "more is", of: ({ more }) => more },
  { head: "", of: ({ share }) => "#".repeat(Math.round(20 * share)), shrinks: true },
];

export const declareTune: Declare = (program, { terminal, env }) => {
  readingOptions(onTarget(program.command("tune [file...]")))
    .description(
      "better settings for the learners: a version with them is trained, and the gate decides about it",
    )
    .option("--trials <n>", "how many settings are tried, those of today among them", limitOption, 30)
    .option("--minutes <n>", "begin nothing new after this many minutes", limitOption)
    .option("--seed <n>", "another draw of settings", seedOption, 1)
    .option(
      "--distributed <workers>",
      "by this many threads of this machine, or in the cloud this many instances at a time",
      workersOption,
    )
    .option("--resume <job>", "go on with a job that was interrupted")
    .option("--page <file>", "write a page with the table and a picture of what mattered")
    .addHelpText(
      "after",
      "\nWithout files the target's ledger is the history. Settings are tried by asynchronous successive halving, on the past that\ncertifies nothing; they take the place of today's only with a version that passes the gate.\n\nExample: mrdata tune --trials 30 --page tuned.html",
    )
    .action((files, options) => tune(files, options, terminal, env));
};
