/** Pseudo-random numbers, the same for a seed on every machine. */
export type Random = {
  /** In [0, 1), with 32 random bits. */
  next(): number;
  /** An integer from 0 to `limit - 1`. */
  below(limit: number): number;
};

/**
 * sfc32, "small fast counting" (Chris Doty-Humphrey, PractRand). The four words of its state are derived from the seed
 * by splitmix32, so that adjacent seeds, as those of adjacent trees, start far apart.
 * @example
 * ```ts
 * createRandom(1).next() === createRandom(1).next(); // => true
 * ```
 */
export function createRandom(seed: number): Random {
  const split = splitmix32(seed);
  let a = split();
  let b = split();
  let c = split();
  let counter = 1;
  const bits = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i++) bits();
  return {
    next: () => bits() / 0x1_0000_0000,
    // Multiply-shift (Lemire 2019, "Fast random integer generation in an interval"), without its rejection step: the
    // bias is below limit / 2^32.
    below: (limit) => Math.floor((bits() / 0x1_0000_0000) * limit),
  };
}

/** The seed of one of many parts: part 3 has the same one whether one worker or eight do the parts. */
export const seedOf = (seed: number, part: number): number =>
  (Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul(part + 1, 0x85ebca77)) >>> 0;

function splitmix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let t = state ^ (state >>> 16);
    t = Math.imul(t, 0x21f0aaad);
    t ^= t >>> 15;
    t = Math.imul(t, 0x735a2d97);
    return t ^ (t >>> 15);
  };
}
