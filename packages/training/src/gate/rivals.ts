import { itemAt } from "@mrdata/base";
import { calibrate, score } from "@mrdata/forest";
import {
  type Backtest,
  featuresLearntWith,
  featureTable,
  ModelRefusedError,
  type ModelVersion,
  type Predicted,
  partsOfPast,
  pickDetails,
  readVersion,
} from "@mrdata/learning";
import type { Ledger, ModelStore } from "@mrdata/platform";
import type { TrainingSpec } from "../spec.ts";
import type { Chosen } from "../tasks/choose.ts";
import type { PairedRow, RivalOnPast } from "./judge.ts";

const YEAR_MS = 365 * 86_400_000;

/**
 * The champion, and the best of last year's other holding versions, both on the certification rows. The best is the one that would
 * have spared the most pages and kept the budget: one that delays more is bolder, not better, and beside it a series of
 * small steps would not be seen to lead away. A version itself predicts incidents that opened after its training data. For
 * earlier ones, which it has seen, its learner predicts out of sample, trained only on their past, with the version's
 * calibration and threshold. Versions that the functions cannot use are not compared.
 */
export async function rivalsOf(
  { tried, chosen, spec }: { readonly tried: Backtest; readonly chosen: Chosen; readonly spec: TrainingSpec },
  { ledger, models }: { readonly ledger: Pick<Ledger, "alias">; readonly models: ModelStore },
): Promise<readonly RivalOnPast[]> {
  const champion = await ledger.alias("champion");
  const past = tried.past.filter(({ knownAt, grown }) => knownAt <= spec.now && grown);
  const { certifying } = partsOfPast(past, spec.certificate);
  const rowOf = new Map(tried.replay.incidents.map(({ id }, row) => [id, row] as const));
  const found: Found[] = [];
  for (const version of await models.versions()) {
    const read = await usable(version, models, spec);
    if (read === null) continue;
    const { threshold } = read.card;
    if (threshold === null) continue;
    if (version !== champion && Date.parse(read.card.trainedAt) < spec.now - YEAR_MS) continue;
    const probabilityOf = predictionsOf(read, tried, rowOf);
    const rows = certifying.map(
      (one): PairedRow => ({
        label: one.label,
        challenger: calibrate(chosen.calibration, one.raw[chosen.card.learner]),
        rival: probabilityOf(one),
      }),
    );
    found.push({ version, on: { name: version, threshold, rows }, ...figuresOf(rows, threshold, spec) });
  }
  const own = found.filter(({ version }) => version === champion);
  const best = found
    .filter(({ version }) => version !== champion)
    .toSorted(betterFirst)
    .slice(0, 1);
  return [
    ...own.map(({ version, on }) => ({ ...on, name: `the champion ${version}` })),
    ...best.map(({ version, on }) => ({ ...on, name: `${version}, the best other of the last year,` })),
  ];
}

type Found = ReturnType<typeof figuresOf> & { readonly version: string; readonly on: RivalOnPast };

/** What a rival would have done on these rows. */
function figuresOf(
  rows: readonly PairedRow[],
  threshold: number,
  { certificate: { budget } }: Pick<TrainingSpec, "certificate">,
) {
  const held = (label: 0 | 1) => rows.filter((row) => row.label === label && row.rival >= threshold).length;
  const real = rows.filter(({ label }) => label === 0).length;
  return {
    keepsBudget: held(0) <= budget * real,
    spared: held(1),
    squaredError: rows.reduce((sum, { rival, label }) => sum + (rival - label) ** 2, 0),
  };
}

/** By name in the end, so that it does not depend on the order in which a store lists them. */
const betterFirst = (a: Found, b: Found): number =>
  Number(b.keepsBudget) - Number(a.keepsBudget) ||
  b.spared - a.spared ||
  a.squaredError - b.squaredError ||
  (a.version < b.version ? -1 : 1);

/** Null for a version that the functions would reject. */
async function usable(
  version: string,
  models: ModelStore,
  { windowMs }: TrainingSpec,
): Promise<ModelVersion | null> {
  try {
    const read = await readVersion((file) => models.read(version, file));
    return read.card.window * 1000 === windowMs ? read : null;
  } catch (error) {
    if (error instanceof ModelRefusedError) return null;
    throw error;
  }
}

/** A version's prediction for a row. Its features are looked up by name, because it may use other details, and its learnt names are its own. */
function predictionsOf(
  version: ModelVersion,
  { replay, details }: Backtest,
  rowOf: ReadonlyMap<string, number>,
): (one: Predicted) => number {
  const own = featureTable(details).map(({ name }) => name);
  const table = featureTable(version.details).map(({ name }) => ({
    name,
    column: replay.columns[own.indexOf(name)],
  }));
  const learntOf = featuresLearntWith(version);
  const learntTo = Date.parse(version.card.to);
  const { learner } = version.card;
  return ({ id, openedAt, raw, rate }) => {
    const row = rowOf.get(id);
    if (row === undefined || openedAt <= learntTo)
      return calibrate(version.calibration, learner === "historical-rate" ? rate : raw[learner]);
    const { service, title, details: given } = itemAt(replay.incidents, row);
    const { texts } = pickDetails(given, { numbers: [], texts: version.details.texts });
    const learnt = learntOf({ service, title, texts });
    const values = Float32Array.from(table, ({ name, column }) =>
      name in learnt ? (learnt[name] ?? Number.NaN) : (column?.[row] ?? Number.NaN),
    );
    return calibrate(version.calibration, score(version.model, values));
  };
}
