import type { Clock, Ledger } from "@mrdata/platform";
import { type Handler, requestOf } from "@mrdata/runtime";

/** On one machine, where there is no scheduler of its own: starts a training where the last one began long enough ago. */
export function dueRetrain(
  retrain: Handler,
  {
    ledger,
    clock,
    every,
  }: {
    readonly ledger: Pick<Ledger, "training">;
    readonly clock: Clock;
    /** Milliseconds; a schedule elsewhere, or null: never here. */
    readonly every: number | "schedule" | null;
  },
): () => Promise<void> {
  return async () => {
    if (typeof every !== "number") return;
    const [last] = await ledger.training.jobs({ limit: 1 });
    if (last !== undefined && clock.now() - last.createdAt < every) return;
    await retrain(requestOf("POST", "http://function/", {}, new Uint8Array()));
  };
}
