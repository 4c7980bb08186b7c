import { createHash } from "node:crypto";

/** Every two of them, each pair once. */
export const pairsOf = <T>(all: readonly T[]): readonly (readonly [T, T])[] =>
  all.flatMap((one, i) => all.slice(i + 1).map((other): readonly [T, T] => [one, other]));

/** `count` of them by the seed: the same seed gives the same. */
export const sampled = <T>(all: readonly T[], count: number, seed: string): readonly T[] =>
  all
    .map((one, i) => ({ one, rank: createHash("sha256").update(`${seed} ${i}`).digest("hex") }))
    .toSorted((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, count)
    .map(({ one }) => one);
