import { createRandom, type Random, type TrainingData } from "@mrdata/forest";

export type Table = TrainingData & { readonly rows: number; readonly features: number };

/**
 * A table such as incidents make: a fifth is positive, columns of all kinds (counts, shares, times, codes, few and many
 * values, some missing), about half of them of use, together and apart, and a twelfth of the labels turned by chance.
 */
export function someTable(rows: number, features: number, seed: number): Table {
  // What the columns mean is the same for every seed: later rows are of one world with the first.
  const world = createRandom(47);
  const kinds = Array.from({ length: features }, () => world.below(5));
  const weights = kinds.map((_, k) => (k % 2 === 0 ? 2 * normal(world) : 0));
  const pairs = Array.from(
    { length: 8 },
    () => [world.below(features), world.below(features), 3 * normal(world)] as const,
  );
  const random = createRandom(seed);
  const columns = kinds.map(() => new Float32Array(rows));
  const signals = new Float64Array(rows);
  const hidden = new Float64Array(features);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < features; k++) hidden[k] = normal(random);
    let signal = 0;
    for (let k = 0; k < features; k++) signal += (weights[k] ?? 0) * Math.tanh(hidden[k] ?? 0);
    for (const [a, b, weight] of pairs) if ((hidden[a] ?? 0) > 0 && (hidden[b] ?? 0) > 0.3) signal += weight;
    signals[i] = signal;
    for (const [k, column] of columns.entries())
      column[i] = random.next() < 0.03 ? Number.NaN : shaped(kinds[k] ?? 0, hidden[k] ?? 0);
  }
  // The world's own cut, so that the share of positives is about a fifth for every seed.
  const cut = [...signals].sort((a, b) => a - b)[Math.floor(0.8 * rows)] ?? 0;
  const labels = Uint8Array.from(signals, (signal) => {
    const label = signal > cut ? 1 : 0;
    return random.next() < 0.08 ? 1 - label : label;
  });
  return { columns, labels, rows, features };
}

function shaped(kind: number, value: number): number {
  switch (kind) {
    case 0:
      return value;
    case 1:
      return Math.max(0, Math.round(3 * value));
    case 2:
      return 1 / (1 + Math.exp(-value));
    case 3:
      return value > 0.5 ? 1 : 0;
    default:
      return Math.round(1000 * Math.exp(value)) / 1000;
  }
}

/** Box and Muller 1958. */
const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());

/** Row by row, float32, as numpy reads it. */
export function bytesOf({ columns, rows, features }: Table): Uint8Array {
  const values = new Float32Array(rows * features);
  for (const [k, column] of columns.entries())
    for (let i = 0; i < rows; i++) values[i * features + k] = column[i] ?? Number.NaN;
  return new Uint8Array(values.buffer);
}
