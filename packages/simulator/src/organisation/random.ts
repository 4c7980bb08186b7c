import { mulberry32 } from "../mulberry32.ts";

/** Chance, seeded: the same seed and name give the same draws for ever. */
export type Random = {
  /** In [0, 1). */
  next(): number;
  chance(probability: number): boolean;
  between(low: number, high: number): number;
  /** A whole number, both ends included. */
  whole(low: number, high: number): number;
  pick<T>(choices: readonly [T, ...T[]] | readonly T[]): T;
  /** Around 0, with a standard deviation of 1. */
  normal(): number;
  /** Waiting times of what happens by chance `mean` apart. */
  exponential(mean: number): number;
  /** Durations: half of them are longer than `median`; `sigma` is the spread of their logarithm. */
  logNormal(median: number, sigma: number): number;
};

/**
 * A stream of its own for each name, so that adding one kind of episode does not shift the draws of the others.
 * Seeded by FNV-1a of seed and name.
 */
export function createRandom(seed: number, name: string): Random {
  let state = 0x811c9dc5;
  for (const char of `${seed} ${name}`) state = Math.imul(state ^ (char.codePointAt(0) ?? 0), 0x01000193);
  const next = mulberry32(state);
  // Box and Muller, 1958.
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const between = (low: number, high: number): number => low + (high - low) * next();
  return {
    next,
    between,
    chance: (probability) => next() < probability,
    whole: (low, high) => Math.floor(between(low, high + 1)),
    pick(choices) {
      const chosen = choices[Math.floor(next() * choices.length)];
      if (chosen === undefined) throw new RangeError("there is nothing to pick from");
      return chosen;
    },
    exponential: (mean) => -mean * Math.log(1 - next()),
    normal,
    logNormal: (median, sigma) => median * Math.exp(sigma * normal()),
  };
}
