import { outOfRange } from "@mrdata/base";
import { scoreAll, type TrainingData } from "@mrdata/forest";
import { trainLearner } from "./learners.ts";

/**
 * How a learner uses rows whose outcome without intervention is unknown: `negative` treats them as having needed a
 * human, `left-out` ignores them, `weighted` uses each as both, by the probability that a similar one clears. Only the
 * training weights differ: every count holds them against the bot (docs/model.md, "Labels").
 */
export const censoredWays = ["negative", "left-out", "weighted"] as const;
export type CensoredWay = (typeof censoredWays)[number];

/**
 * As before: `left-out` and `weighted` hold more of the real faults that people fix within the window
 * (test/worth/censored.ts).
 */
export const usualCensoredWay: CensoredWay = "negative";

export type TrainingRowsOf = {
  readonly columns: readonly Float32Array[];
  readonly labels: Uint8Array;
  /** 1: the outcome without intervention is unknown. */
  readonly censored: Uint8Array;
  /** The rows to train on. */
  readonly known: Int32Array;
};

/** The rows to train on, with weights where the way requires them. Rejects as `trainLearner` does. */
export async function trainingRows(
  { columns, labels, censored, known }: TrainingRowsOf,
  way: CensoredWay = usualCensoredWay,
): Promise<TrainingData> {
  const of = (rows: Int32Array): TrainingData => ({
    columns: columns.map((column) => Float32Array.from(rows, (i) => column[i] ?? Number.NaN)),
    labels: Uint8Array.from(rows, (i) => labels[i] ?? outOfRange()),
  });
  if (way === "negative") return of(known);
  const sure = known.filter((i) => censored[i] !== 1);
  // Where nothing is certain nothing can be left out.
  if (sure.length === known.length || sure.length === 0) return of(known);
  if (way === "left-out") return of(sure);
  const unsure = known.filter((i) => censored[i] === 1);
  const rates = await trainLearner("rates", of(sure), { seed: 1, trees: 1 });
  const chances = scoreAll(rates, of(unsure).columns);
  // Each uncertain row twice, as cleared and as not.
  const rows = of(Int32Array.from([...sure, ...unsure, ...unsure]));
  const ones = sure.length + unsure.length;
  return {
    columns: rows.columns,
    labels: rows.labels.map((label, i) => (i < sure.length ? label : i < ones ? 1 : 0)),
    weights: Float64Array.from(rows.labels, (_, i) =>
      i < sure.length
        ? 1
        : i < ones
          ? (chances[i - sure.length] ?? outOfRange())
          : 1 - (chances[i - ones] ?? outOfRange()),
    ),
  };
}
