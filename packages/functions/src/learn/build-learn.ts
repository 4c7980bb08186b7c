import type { BuildContext, Handler } from "@mrdata/runtime";
import { identityOf, portsFor } from "@mrdata/runtime";
import { ledgerHistory, publishTask, taskRunner } from "@mrdata/training";
import { createLearn, type LearnFunctionPorts, learnManifest } from "./learn.ts";

/** `run` does the tasks elsewhere, `concurrency` at a time: in threads, where this one has others to answer. */
export async function buildLearn(
  { environment, backend, clock, log }: BuildContext,
  { run, concurrency = 1 }: Partial<Pick<LearnFunctionPorts, "run" | "concurrency">> = {},
): Promise<Handler> {
  const { bus, ledger, models, results, history: files } = await portsFor(learnManifest, backend, log);
  const io = {
    results,
    history: ledgerHistory(ledger),
    models,
    ledger,
    windowMs: environment.MRDATA_WINDOW,
    now: () => clock.now(),
    ...(files !== null && { imports: { files, identity: identityOf(environment), ledger } }),
  };
  const runHere = taskRunner(io);
  const here: LearnFunctionPorts["run"] = (job, task, done) =>
    task === "publish" ? publishTask(job, done, io) : runHere(job, task, done);
  return createLearn({ bus, ledger, results, clock, log, run: run ?? here, concurrency });
}
