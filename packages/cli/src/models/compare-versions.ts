import { memo } from "@mrdata/base";
import type { IncidentState, Prediction } from "@mrdata/incident";
import { ModelRefusedError, readCard, readVersion } from "@mrdata/learning";
import type { Challenge, Ledger, ModelStore } from "@mrdata/platform";

/** Predictions of champion and challenger on the same incidents, against the outcomes. The keys are those of `--json`. */
export type Comparison = {
  readonly challenger: string;
  /** Incidents with both predictions and a known outcome; `real`: those that needed a human, or ended otherwise. */
  readonly incidents: number;
  readonly real: number;
  readonly champion: VersionFigures;
  readonly challengerSaid: VersionFigures;
  /** Details that the challenger uses and a champion of these incidents did not: they were never read, and counted as missing. */
  readonly detailsNotRead: readonly string[];
};

/** `held`: at this version's own threshold, guard rails aside; `delayed`: real ones among them. */
export type VersionFigures = {
  readonly brier: number | null;
  readonly held: number;
  readonly delayed: number;
};

export type CompareOptions = { readonly since: number; readonly limit: number };

/** The part of the ledger that is read. */
export type ComparedLedger = Pick<Ledger, "challenges"> & {
  prediction(incident: string): Promise<Pick<Prediction, "probability" | "model"> | null>;
  incident(id: string): Promise<{ readonly state: Pick<IncidentState, "outcome"> } | null>;
};

type ComparedPrediction = {
  /** The version that decided. */
  readonly decidedBy: string;
  readonly label: 0 | 1;
  readonly champion: number;
  readonly championHolds: boolean;
  readonly challenger: number;
};

/** One comparison for each version that was challenger, the most recent first. */
export async function compareVersions(
  {
    ledger,
    models,
  }: {
    readonly ledger: ComparedLedger;
    readonly models: Pick<ModelStore, "read">;
  },
  options: CompareOptions,
): Promise<readonly Comparison[]> {
  const thresholds = thresholdsIn(models);
  const details = detailsIn(models);
  const byVersion = Map.groupBy(await ledger.challenges(options), ({ version }) => version);
  const compared: Comparison[] = [];
  for (const [challenger, challenges] of byVersion) {
    const predictions: ComparedPrediction[] = [];
    for (const challenge of challenges) {
      const one = await comparedPrediction(challenge, ledger, thresholds);
      if (one !== null) predictions.push(one);
    }
    const threshold = await thresholds(challenger);
    const read = await Promise.all([...new Set(predictions.map(({ decidedBy }) => decidedBy))].map(details));
    compared.push({
      challenger,
      incidents: predictions.length,
      real: predictions.filter(({ label }) => label === 0).length,
      champion: figuresOf(
        predictions,
        ({ champion }) => champion,
        ({ championHolds }) => championHolds,
      ),
      challengerSaid: figuresOf(
        predictions,
        (one) => one.challenger,
        (one) => threshold !== null && one.challenger >= threshold,
      ),
      detailsNotRead: (await details(challenger)).filter((name) => read.some((own) => !own.includes(name))),
    });
  }
  return compared;
}

/** Null if the outcome is not known or the champion did not predict. */
async function comparedPrediction(
  { incident, probability }: Challenge,
  ledger: Omit<ComparedLedger, "challenges">,
  thresholds: ReturnType<typeof thresholdsIn>,
): Promise<ComparedPrediction | null> {
  const decided = await ledger.prediction(incident);
  const outcome = (await ledger.incident(incident))?.state.outcome ?? null;
  if (decided === null || decided.probability === null || outcome === null || outcome === "merged")
    return null;
  const threshold = await thresholds(decided.model);
  return {
    decidedBy: decided.model,
    label: outcome === "self-resolved" ? 1 : 0,
    champion: decided.probability,
    championHolds: threshold !== null && decided.probability >= threshold,
    challenger: probability,
  };
}

function figuresOf(
  predictions: readonly ComparedPrediction[],
  probabilityOf: (one: ComparedPrediction) => number,
  holds: (one: ComparedPrediction) => boolean,
): VersionFigures {
  const held = predictions.filter(holds);
  const brier =
    predictions.reduce((sum, one) => sum + (probabilityOf(one) - one.label) ** 2, 0) / predictions.length;
  return {
    brier: predictions.length === 0 ? null : brier,
    held: held.length,
    delayed: held.filter(({ label }) => label === 0).length,
  };
}

/** The incident details that a version uses, cached; none if it is refused. */
function detailsIn(models: Pick<ModelStore, "read">): (version: string) => Promise<readonly string[]> {
  return cachedByVersion(async (version) => {
    const { numbers, texts } = (await readVersion((file) => models.read(version, file))).details;
    return [...numbers, ...texts];
  }, []);
}

/** The hold threshold of a version, cached; null if it holds nothing or its card is refused. */
function thresholdsIn(models: Pick<ModelStore, "read">): (version: string) => Promise<number | null> {
  return cachedByVersion(
    async (version) => (await readCard((file) => models.read(version, file))).threshold,
    null,
  );
}

/** Reads each version once; `refused` stands for a version that cannot be used. */
const cachedByVersion = <T>(
  read: (version: string) => Promise<T>,
  refused: T,
): ((version: string) => Promise<T>) =>
  memo(
    (version: string) =>
      read(version).catch((error: unknown) => {
        if (error instanceof ModelRefusedError) return refused;
        throw error;
      }),
    {
      ttlMs: Number.POSITIVE_INFINITY,
      now: () => 0,
      keyOf: (version) => version,
      maxKeys: Number.POSITIVE_INFINITY,
    },
  );
