import { ModelRefusedError, readCard, TREES, usualCertificateRule, usualRule } from "@mrdata/learning";
import type { Bus, Clock, Ledger, Log, ModelStore } from "@mrdata/platform";
import { answer, type Handler, reasonOf } from "@mrdata/runtime";
import { specOf, startJob, type TrainingSpec } from "@mrdata/training";
import { sendTask, tellLog } from "../learn/learn.ts";
import { readSettings } from "../rules-for.ts";

export { RETRAIN_CRON, retrainManifest } from "./manifest.ts";

export type RetrainPorts = {
  readonly bus: Bus;
  readonly ledger: Pick<Ledger, "training" | "settings" | "alias">;
  readonly models: Pick<ModelStore, "read">;
  readonly clock: Clock;
  readonly log: Log;
};

const DAY_MS = 86_400_000;
/** A champion that was trained longer ago is told of, long before it is refused. */
const OVERDUE_MS = 30 * DAY_MS;
const REFITS = 12;

/** How a training that nobody watches learns. `budget`: the miss budget, a share. */
export const usualSpec = (of: {
  readonly now: number;
  readonly windowMs: number;
  readonly budget: number;
}): TrainingSpec =>
  specOf({
    now: of.now,
    windowMs: of.windowMs,
    refits: REFITS,
    seed: 1,
    trees: TREES,
    rule: { ...usualRule, missBudget: of.budget },
    certificate: { ...usualCertificateRule, budget: of.budget },
    keepColumns: [],
    unattended: true,
  });

/** Starts a training, one a day at most: called twice, it is the same. Says so where the champion grows old. */
export function createRetrain(
  { bus, ledger, models, clock, log }: RetrainPorts,
  { windowMs }: { readonly windowMs: number },
): Handler {
  /** When the champion was trained, milliseconds since the epoch; null where there is none that can be read. */
  async function championTrainedAt(): Promise<number | null> {
    const champion = await ledger.alias("champion");
    if (champion === null) return null;
    try {
      return Date.parse((await readCard((file) => models.read(champion, file))).trainedAt);
    } catch (error) {
      if (error instanceof ModelRefusedError) return null;
      throw error;
    }
  }
  return async function retrain() {
    try {
      const now = clock.now();
      const trainedAt = await championTrainedAt();
      if (trainedAt !== null && now - trainedAt > OVERDUE_MS)
        log({
          severity: "WARNING",
          event: "champion.overdue",
          trainedAt: new Date(trainedAt).toISOString(),
        });
      const settings = await readSettings(ledger, log);
      if (settings === null) return answer(503, { error: "the settings cannot be read" });
      const id = `train-${new Date(now).toISOString().slice(0, 10)}`;
      const spec = usualSpec({ now, windowMs, budget: settings.missBudget });
      const ports = { ledger, send: sendTask(bus), now: () => now, tell: tellLog(log) };
      const { state } = await startJob({ id, spec }, ports);
      log({ severity: "INFO", event: "retrain.done", job: id, state });
      return answer(200, { job: id, state });
    } catch (error) {
      log({ severity: "ERROR", event: "function.failed", reason: reasonOf(error) });
      return answer(503, { error: reasonOf(error) });
    }
  };
}
