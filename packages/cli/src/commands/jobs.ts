import { type Declare, onTarget } from "../declare.ts";
import { openWithDeployedConfig } from "../deployed-config.ts";
import { type DescribedJob, describeJob, fileSentence, sentenceOf } from "../jobs/describe-job.ts";
import { followJob } from "../jobs/follow-job.ts";
import { limitOption } from "../option-types.ts";
import { progressBar } from "../progress-bar.ts";
import { chooseTarget, type TargetOptions } from "../target.ts";
import type { Terminal } from "../terminal.ts";
import { printWrapped } from "../wrapped.ts";
import { acceptFiles } from "./jobs-accept.ts";

export type JobsOptions = TargetOptions & {
  readonly json: boolean;
  readonly limit: number;
  /** Wait for the running job. */
  readonly follow: boolean;
};

/** Lists a target's training jobs, newest first, with progress or outcome. */
export async function jobs(options: JobsOptions, terminal: Terminal, env: NodeJS.ProcessEnv): Promise<void> {
  const { ledger } = await openWithDeployedConfig(chooseTarget(options, env), env);
  try {
    const { running, paused } = await ledger.training.state();
    if (options.follow && running !== null) {
      const ended = await followJob(ledger, running, terminal);
      if (options.json) terminal.out(JSON.stringify(ended));
      else printWrapped(terminal, linesOf(ended, terminal));
      return;
    }
    const listed = await ledger.training.jobs({ limit: options.limit });
    for (const one of listed) {
      const described = await describeJob(ledger, one);
      if (options.json) terminal.out(JSON.stringify(described));
      else printWrapped(terminal, linesOf(described, terminal));
    }
    if (options.json) return;
    if (listed.length === 0)
      terminal.say(
        "No training was ever started as a job: in the cloud a schedule does, and 'mrdata train --distributed 2'.",
      );
    if (paused !== null)
      terminal.say(
        `Nothing becomes champion by itself: ${paused.why}. 'mrdata models resume' lets it again.`,
      );
  } finally {
    await ledger.close();
  }
}

function linesOf(job: DescribedJob, { bold, dim }: Terminal): readonly string[] {
  const bar = job.state === "running" ? `  ${progressBar(job.tasksDone, job.tasks)}` : "";
  return [
    `${bold(job.id)}  ${sentenceOf(job)}${bar}`,
    ...(job.open.length === 0
      ? []
      : [
          dim(
            `  under way: ${job.open.slice(0, 5).join(", ")}${job.open.length > 5 ? ` and ${job.open.length - 5} more` : ""}`,
          ),
        ]),
    ...job.problems.map((problem) => `  ${problem}`),
    ...job.files.map((file) => `  ${fileSentence(file)}`),
    ...(job.files.some(({ incidents, refused }) => refused === null && incidents !== null && incidents > 0)
      ? [
          dim(
            `  what came by file trains, and no promise counts it: 'mrdata jobs accept ${job.id}' where you trust it`,
          ),
        ]
      : []),
  ];
}

export const declareJobs: Declare = (program, { terminal, env }) => {
  const command = onTarget(program.command("jobs"));
  command
    .description("trainings that ran as jobs: how far the one that runs is, and what became of the others")
    .option("--limit <n>", "how many of the newest are shown", limitOption, 10)
    .option("--follow", "wait for the one that runs, with a progress bar", false)
    .addHelpText("after", "\nExample: mrdata jobs --follow")
    .action((options) => jobs(options, terminal, env));
  command
    .command("accept <job>")
    .description(
      "answer for the history files that a job imported: from now on they count like what the bot lived through",
    )
    .addHelpText("after", "\nExample: mrdata jobs accept train-2026-11-30")
    .action((job, _, own) => acceptFiles(job, own.optsWithGlobals(), terminal, env));
};
