import type { Clock, Ledger } from "@mrdata/platform";
import { type Handler, requestOf } from "@mrdata/runtime";
import { type Every, isTrainingDue, JOBS_LOOKED_THROUGH, lastTraining } from "./next-retrain.ts";

const DAY_MS = 86_400_000;
/** A failure is retried after this, as Cloud Scheduler would. */
const AGAIN_MS = 10 * 60_000;

/**
 * For a single machine, which has no scheduler: looks for drift once a day, whether or not trainings ever begin by
 * themselves, and as soon as a training is due. Called every minute; restarting the bot looks again.
 */
export function dueRetrain(
  retrain: Handler,
  {
    ledger,
    clock,
    every,
  }: {
    readonly ledger: Pick<Ledger, "training">;
    readonly clock: Clock;
    /** `schedule` means an external scheduler, which never applies here. */
    readonly every: Every;
  },
): () => Promise<void> {
  let next = Number.NEGATIVE_INFINITY;
  let failedAt = Number.NEGATIVE_INFINITY;
  async function isDue(now: number): Promise<boolean> {
    if (now - failedAt < AGAIN_MS) return false;
    // A clock that was set back by more than a day must not delay it until then.
    if (now >= next || next - now > DAY_MS) return true;
    if (every === null) return false;
    const last = lastTraining(await ledger.training.jobs({ limit: JOBS_LOOKED_THROUGH }), now);
    return isTrainingDue(every, last?.createdAt ?? null, now);
  }
  return async () => {
    if (every === "schedule") return;
    const now = clock.now();
    if (!(await isDue(now))) return;
    const { ok } = await retrain(requestOf("POST", "http://function/", {}, new Uint8Array()));
    if (ok) next = now + DAY_MS;
    failedAt = ok ? Number.NEGATIVE_INFINITY : now;
  };
}
