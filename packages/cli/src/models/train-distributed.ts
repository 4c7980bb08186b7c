import { randomUUID } from "node:crypto";
import { sendTask } from "@mrdata/functions";
import type { PastIncident } from "@mrdata/incident";
import { readCard } from "@mrdata/learning";
import { systemClock } from "@mrdata/platform";
import { localFiles } from "@mrdata/runtime";
import { doneOf, startJob, storeHistory, type TrainingSpec } from "@mrdata/training";
import type { LoadedHistory } from "../history/load-history.ts";
import { followJob } from "../jobs/follow-job.ts";
import { startLocalWorkers } from "../jobs/local-workers.ts";
import { chooseTarget, openOrCreateTarget, type TargetOptions } from "../target.ts";
import type { Terminal } from "../terminal.ts";
import { printWrapped } from "../wrapped.ts";
import { promoteVersion } from "./promote-version.ts";
import { standsInSentence } from "./stands-in.ts";
import { trainedLines } from "./trained-lines.ts";

export type DistributedTraining = {
  readonly incidents: readonly PastIncident[];
  /** Number of rows that could not be read. */
  readonly bad: LoadedHistory["bad"];
  readonly spec: TrainingSpec;
  /** Number of threads on this machine; the cloud scales with the tasks. */
  readonly workers: number;
};

/**
 * Trains as a job: on this machine with threads behind the embedded bus, in the cloud with the function `learn`. If this process ends
 * early, the job continues when the same home is next served or trained on.
 */
export async function trainDistributed(
  { incidents, bad, spec, workers }: DistributedTraining,
  options: TargetOptions & {
    readonly promote: boolean;
    readonly iKnow?: boolean;
    readonly evenSo?: boolean;
    readonly json: boolean;
  },
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const target = chooseTarget(options, env);
  const backend = openOrCreateTarget(target, env);
  const [ledger, models, results] = await Promise.all([
    backend.ledger(),
    backend.models(),
    backend.results(),
  ]);
  const id = `train-${randomUUID().slice(0, 8)}`;
  const localWorkers = await startLocalWorkers(target, { workers, ledger, env });
  try {
    const bus = localWorkers?.bus ?? (await backend.bus());
    await storeHistory({ id, spec }, incidents, { ledger, results });
    const ports = { ledger, send: sendTask(bus), now: () => systemClock.now(), report: () => {} };
    const { state } = await startJob({ id, spec }, ports);
    if (state === "waiting" && !options.json)
      terminal.say(`${id} waits in line: another job runs. 'mrdata jobs' shows how far it is.`);
    const { version } = await followJob(ledger, id, terminal);
    if (version === null) throw new Error(`job ${id} ended without a version`);
    const card = await readCard((file) => models.read(version, file));
    const where = target.kind === "local" ? localFiles(target.directory).models : env.MRDATA_MODEL_BUCKET;
    if (options.promote) {
      const { threshold, suspicions = [] } = card;
      const wishes = { evenSo: options.evenSo ?? false, iKnow: options.iKnow ?? false };
      await promoteVersion(ledger, models, { version, threshold, suspicions }, wishes);
    }
    const { fallback = null } = (await doneOf(id, ledger)).get("publish") ?? {};
    const { certificate } = card;
    if (options.json)
      terminal.out(
        JSON.stringify({
          job: id,
          version,
          promoted: options.promote,
          where,
          bad,
          card,
          certificate,
          fallback,
        }),
      );
    else {
      terminal.out(`${version} in ${where}, by job ${id}`);
      printWrapped(terminal, trainedLines(card, null));
      if (card.remark !== null && card.threshold !== null) terminal.say(card.remark);
      if (fallback !== null) terminal.say(standsInSentence(fallback));
      terminal.say(
        options.promote
          ? "It is champion now: running functions follow within half a minute."
          : `It is not champion: that takes 'mrdata models promote ${version}'.`,
      );
    }
  } finally {
    await localWorkers?.close();
    await ledger.close();
  }
}
