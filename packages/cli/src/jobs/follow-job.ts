import { setTimeout as sleep } from "node:timers/promises";
import type { Ledger } from "@mrdata/platform";
import { CommandError } from "../exit-codes.ts";
import { progressBar } from "../progress-bar.ts";
import type { Terminal } from "../terminal.ts";
import { type DescribedJob, describeJob } from "./describe-job.ts";

const POLL_INTERVAL_MS = 250;

/** Waits until a job has ended, showing its progress. Throws CommandError if it fails. */
export async function followJob(
  ledger: Pick<Ledger, "training">,
  id: string,
  terminal: Terminal,
): Promise<DescribedJob> {
  for (;;) {
    const job = await ledger.training.job(id);
    if (job === null) throw new CommandError(`there is no job ${id}: see 'mrdata jobs'`);
    const described = await describeJob(ledger, job);
    if (job.state === "failed") throw new CommandError(`job ${id} failed: ${job.reason}`);
    if (job.state === "done") return described;
    const { tasksDone, tasks, open } = described;
    terminal.progress(
      job.state === "waiting"
        ? `${id} waits in line: another job runs`
        : `${id}  ${progressBar(tasksDone, tasks)}  ${open[0] ?? ""}`,
    );
    await sleep(POLL_INTERVAL_MS);
  }
}
