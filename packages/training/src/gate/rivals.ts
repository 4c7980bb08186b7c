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
 * The champion, and the one of last year's other holding versions that would have spared the most
 * pages, both on the certification rows. A version itself predicts incidents that opened after its training data. For
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
  const found: { readonly version: string; readonly on: RivalOnPast; readonly spared: number }[] = [];
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
    const spared = rows.filter(({ label, rival }) => label === 1 && rival >= threshold).length;
    found.push({ version, on: { name: version, threshold, rows }, spared });
  }
  const own = found.filter(({ version }) => version === champion);
  const best = found
    .filter(({ version }) => version !== champion)
    .toSorted((a, b) => b.spared - a.spared)
    .slice(0, 1);
  return [
    ...own.map(({ version, on }) => ({ ...on, name: `the champion ${version}` })),
    ...best.map(({ version, on }) => ({ ...on, name: `${version}, the best other of the last year,` })),
  ];
}

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
