import type { Random } from "@mrdata/simulator";
import type { Fault, Stage } from "./faults.ts";

export type Stretch = { readonly from: number; readonly to: number };

/** How much shorter faults of a pair last, and pauses between: so that many a meeting of the two is played. */
const OF_A_PAIR = 0.25;
/** Shorter pauses stay as they are, milliseconds: time for what waited is little enough. */
const SHORT = 5 * 60_000;
/** A fault that waits for others looks again after so long. */
const LOOK_AGAIN = 20_000;

/** The fault as one of so many that are on at once. */
export const asOneOf = (fault: Fault, count: number): Fault => {
  if (count === 1) return fault;
  const scaled = ([least, most]: Fault["lasts"]) => [least * OF_A_PAIR, most * OF_A_PAIR] as const;
  const isShort = fault.pauses[1] <= SHORT;
  return { ...fault, lasts: scaled(fault.lasts), pauses: isShort ? fault.pauses : scaled(fault.pauses) };
};

const mean = ([least, most]: Fault["lasts"]): number => (least + most) / 2;

/** Which share of the time a fault is on. */
export const shareUnder = ({ lasts, pauses }: Fault): number => mean(lasts) / (mean(lasts) + mean(pauses));

/** How long it is from one beginning of a fault to the next, milliseconds. */
export const cycleOf = ({ lasts, pauses }: Fault): number => mean(lasts) + mean(pauses);

/**
 * Switches the fault on and off until `to`, and then off for good. The list of when it was on grows as time goes by.
 * `afterwards` is done when it has ended each time.
 */
export function onAndOff(
  fault: Fault,
  stage: Stage,
  {
    to,
    random,
    afterwards,
    othersAreOn,
  }: {
    readonly to: number;
    readonly random: Random;
    readonly afterwards: () => Promise<void>;
    /** Asked by a fault that opens incidents by itself: they are to meet the others. */
    readonly othersAreOn: () => boolean;
  },
): readonly Stretch[] {
  const { clock } = stage.simulation;
  const stretches: Stretch[] = [];
  const begin = async (): Promise<void> => {
    const from = clock.now();
    if (from >= to) return;
    if (fault.opens !== undefined && !othersAreOn()) {
      clock.schedule(from + LOOK_AGAIN, begin);
      return;
    }
    const until = Math.min(to, from + random.between(...fault.lasts));
    stretches.push({ from, to: until });
    const end = fault.begin(stage);
    clock.schedule(until, async () => {
      await (await end)();
      await afterwards();
      on();
    });
    await end;
  };
  const on = (): void => {
    clock.schedule(clock.now() + random.between(...fault.pauses), begin);
  };
  on();
  return stretches;
}

/** When all of them were on. */
export const allAtOnce = (lists: readonly (readonly Stretch[])[]): readonly Stretch[] =>
  lists.reduce((some, others) =>
    some.flatMap(({ from, to }) =>
      others.flatMap((other) => {
        const both = { from: Math.max(from, other.from), to: Math.min(to, other.to) };
        return both.from < both.to ? [both] : [];
      }),
    ),
  );
