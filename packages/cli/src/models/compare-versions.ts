import type { IncidentState, Prediction } from "@mrdata/incident";
import { ModelRefusedError, readCard, readVersion } from "@mrdata/learning";
import type { Challenge, Ledger, ModelStore } from "@mrdata/platform";

/** What champion and challenger said of the incidents that came since, and how these ended. */
export type Comparison = {
  readonly challenger: string;
  /** Incidents of which both said something and the end is known; of these the ones that needed a human, or nobody knows. */
  readonly incidents: number;
  readonly real: number;
  readonly champion: Beside;
  readonly challengerSaid: Beside;
  /**
   * Details that the challenger looks at and a champion of these incidents did not: they were not asked for, and it was compared as
   * if they were missing.
   */
  readonly detailsNotRead: readonly string[];
};

/** `held`: at this version's own threshold, guard rails aside; `delayed`: real ones among them. */
export type Beside = { readonly brier: number | null; readonly held: number; readonly delayed: number };

export type CompareOptions = { readonly since: number; readonly limit: number };

/** What of the ledger is looked at. */
export type ComparedLedger = Pick<Ledger, "challenges"> & {
  prediction(incident: string): Promise<Pick<Prediction, "probability" | "model"> | null>;
  incident(id: string): Promise<{ readonly state: Pick<IncidentState, "outcome"> } | null>;
};

type Said = {
  /** The version that decided. */
  readonly decidedBy: string;
  readonly label: 0 | 1;
  readonly champion: number;
  readonly championHolds: boolean;
  readonly challenger: number;
};

/** One comparison for each version that was challenger, the one asked last first. */
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
    const said: Said[] = [];
    for (const challenge of challenges) {
      const one = await saidOf(challenge, ledger, thresholds);
      if (one !== null) said.push(one);
    }
    const threshold = await thresholds(challenger);
    const read = await Promise.all([...new Set(said.map(({ decidedBy }) => decidedBy))].map(details));
    compared.push({
      challenger,
      incidents: said.length,
      real: said.filter(({ label }) => label === 0).length,
      champion: beside(
        said,
        ({ champion }) => champion,
        ({ championHolds }) => championHolds,
      ),
      challengerSaid: beside(
        said,
        (one) => one.challenger,
        (one) => threshold !== null && one.challenger >= threshold,
      ),
      detailsNotRead: (await details(challenger)).filter((name) => read.some((own) => !own.includes(name))),
    });
  }
  return compared;
}

/** Null where it is not known how the incident ended, or the champion said nothing of it. */
async function saidOf(
  { incident, probability }: Challenge,
  ledger: Omit<ComparedLedger, "challenges">,
  thresholds: ReturnType<typeof thresholdsIn>,
): Promise<Said | null> {
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

function beside(
  said: readonly Said[],
  probabilityOf: (one: Said) => number,
  holds: (one: Said) => boolean,
): Beside {
  const held = said.filter(holds);
  const brier = said.reduce((sum, one) => sum + (probabilityOf(one) - one.label) ** 2, 0) / said.length;
  return {
    brier: said.length === 0 ? null : brier,
    held: held.length,
    delayed: held.filter(({ label }) => label === 0).length,
  };
}

/** The details of incidents that versions look at; none of one that cannot be used. */
function detailsIn(models: Pick<ModelStore, "read">): (version: string) => Promise<readonly string[]> {
  return ofEach(async (version) => {
    const { numbers, texts } = (await readVersion((file) => models.read(version, file))).details;
    return [...numbers, ...texts];
  }, []);
}

/** From where on versions hold; null of one that holds nothing, or whose card cannot be read. */
function thresholdsIn(models: Pick<ModelStore, "read">): (version: string) => Promise<number | null> {
  return ofEach(async (version) => (await readCard((file) => models.read(version, file))).threshold, null);
}

/** Reads each version once; `refused` of one that is refused. */
function ofEach<T>(read: (version: string) => Promise<T>, refused: T): (version: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (version) => {
    const before = known.get(version);
    if (before !== undefined) return before;
    const reading = read(version).catch((error: unknown) => {
      if (error instanceof ModelRefusedError) return refused;
      throw error;
    });
    known.set(version, reading);
    return reading;
  };
}
