import type { EndFault, Stage } from "../faults.ts";

/** Does the work now and again at intervals by chance (milliseconds), until the returned function is called. */
export function againAndAgain(
  { simulation: { clock }, random }: Pick<Stage, "simulation" | "random">,
  [least, most]: readonly [number, number],
  work: () => Promise<void> | void,
): EndFault {
  let over = false;
  const next = (): void => {
    clock.schedule(clock.now() + random.whole(least, most), async () => {
      if (over) return;
      await work();
      next();
    });
  };
  next();
  return () => {
    over = true;
  };
}
