import { outOfRange } from "@mrdata/base";
import type { TrainingData } from "./data.ts";
import { createRandom } from "./random.ts";

/** Rows whose label depends on the first three of `features` features, with noise and some values missing. */
export function someRows(rows: number, features: number, seed = 1): TrainingData {
  const random = createRandom(seed);
  const columns = Array.from({ length: features }, () => new Float32Array(rows));
  const labels = new Uint8Array(rows);
  for (let i = 0; i < rows; i++) {
    for (const column of columns) column[i] = random.next() < 0.05 ? Number.NaN : 4 * random.next() - 2;
    const at = (k: number) => {
      const value = columns[k]?.[i] ?? outOfRange();
      return Number.isNaN(value) ? 0.5 : value;
    };
    const signal = at(0) + at(1) * at(2 % features) + (random.next() - 0.5);
    labels[i] = signal > 0.3 ? 1 : 0;
  }
  return { columns, labels };
}

/** The rows in another order. */
export function permuted(data: TrainingData, order: readonly number[]): TrainingData {
  return {
    columns: data.columns.map((column) => Float32Array.from(order, (i) => column[i] ?? Number.NaN)),
    labels: Uint8Array.from(order, (i) => data.labels[i] ?? outOfRange()),
    ...(data.weights === undefined
      ? {}
      : { weights: Float64Array.from(order, (i) => data.weights?.[i] ?? outOfRange()) }),
  };
}

export const rowOf = ({ columns }: TrainingData, i: number): Float32Array =>
  Float32Array.from(columns, (column) => column[i] ?? Number.NaN);
