import type { Clock, Ledger } from "@mrdata/platform";
import { type Handler, requestOf } from "@mrdata/runtime";
import { type Every, isTrainingDue, JOBS_LOOKED_THROUGH, lastTraining } from "./next-retrain.ts";

const DAY_MS = 86_400_000;
/** What fails is tried again as soon as this, as Cloud Scheduler would. */
const AGAIN_MS = 10 * 60_000;

/**
 * On one machine, where there is no scheduler of its own: looks for drift once a day, whether a training ever begins by itself or not,
 * and as soon as one is due. Called every minute; whoever starts the bot again looks again.
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
    /** `schedule` is one elsewhere: never here. */
    readonly every: Every;
  },
): () => Promise<void> {
  let next = Number.NEGATIVE_INFINITY;
  let failedAt = Number.NEGATIVE_INFINITY;
  async function isDue(now: number): Promise<boolean> {
    if (now - failedAt < AGAIN_MS) return false;
    // A clock that was set back by more than a day must not keep it waiting until then.
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
