import { memo } from "@mrdata/base";
import { type ModelVersion, readVersion } from "@mrdata/learning";
import type { Clock, Ledger, Log, ModelStore } from "@mrdata/platform";
import { learnedPredictor, type Predictor, ratePredictor, refusedPredictor } from "@mrdata/responder";
import { reasonOf } from "@mrdata/runtime";
import { newestOwnRate, type OwnRate } from "./own-rate.ts";

export type ChampionPorts = {
  readonly ledger: Pick<Ledger, "alias">;
  readonly models: Pick<ModelStore, "read" | "versions">;
  readonly clock: Clock;
  readonly log: Log;
};

export type ChampionOptions = {
  /** The hold window, milliseconds: a version trained for another window is refused. */
  readonly windowMs: number;
  /** A version trained longer ago than this is refused, milliseconds. */
  readonly maxAgeMs: number;
};

/**
 * Returns the current predictor. Never rejects: an unusable version is refused, and the predictor abstains with the
 * reason.
 */
export type Champion = () => Promise<Predictor>;

/** How often the alias is read, milliseconds: every instance follows a rollback within a minute. */
export const CHAMPION_POLL_MS = 30_000;
/** How often the log repeats that the model is too old, milliseconds: an alarm counts it. */
const REPORT_AGAIN_MS = 3_600_000;
/** A model that does not load within this is refused for now, milliseconds. */
const LOAD_TIMEOUT_MS = 10_000;

type Standing = {
  readonly alias: string | null;
  readonly predictor: Predictor;
  /** Null for a predictor that never becomes too old. */
  readonly trainedAt: number | null;
  /** False where the next poll must retry even if the alias has not moved. */
  readonly settled: boolean;
};

/** What was read of the alert type's own rate, and of which versions. */
type ReadOwnRate = { readonly versions: string; readonly newest: OwnRate | null };

/**
 * The champion version, loaded once and again when its alias moves. Where no version was ever promoted, the alert type's
 * historical self-resolve rate predicts, under the certificate that the newest published version has for it.
 */
export function createChampion(
  { ledger, models, clock, log }: ChampionPorts,
  options: ChampionOptions,
): Champion {
  const { windowMs, maxAgeMs } = options;
  let standing: Standing | null = null;
  let reportedAt = Number.NEGATIVE_INFINITY;
  let ownRate: ReadOwnRate | null = null;

  async function readStanding(): Promise<Standing> {
    let alias: string | null;
    try {
      alias = await ledger.alias("champion");
    } catch (error) {
      log({ severity: "ERROR", event: "champion.unreadable", reason: reasonOf(error) });
      // What is loaded was the champion half a minute ago; if nothing is loaded there is no champion.
      if (standing !== null) return standing;
      const why = "which model version is champion could not be read";
      return {
        alias: null,
        predictor: refusedPredictor("none", windowMs, why),
        trainedAt: null,
        settled: false,
      };
    }
    if (standing?.settled && standing.alias === alias) return standing;
    if (alias === null) return historicalRate();
    return load(alias);
  }

  /** The certificate that stands in, read again only where the published versions have changed: a version never does. */
  async function currentOwnRate(): Promise<OwnRate | null> {
    const versions = (await models.versions()).toSorted().join();
    if (ownRate === null || ownRate.versions !== versions)
      ownRate = { versions, newest: await newestOwnRate(models, windowMs) };
    return ownRate.newest;
  }

  /** If no version can be read, or not in time, nothing is held and the read is retried. */
  async function historicalRate(): Promise<Standing> {
    try {
      const own = await withinLimit(LOAD_TIMEOUT_MS, currentOwnRate());
      if (own !== null) {
        const predictor = ratePredictor(windowMs, own.certificate, own.learntNames);
        return { alias: null, predictor, trainedAt: Date.parse(own.trainedAt), settled: false };
      }
    } catch (error) {
      log({ severity: "ERROR", event: "fallback.unreadable", reason: reasonOf(error) });
    }
    return { alias: null, predictor: ratePredictor(windowMs), trainedAt: null, settled: false };
  }

  async function load(alias: string): Promise<Standing> {
    const refused = (reason: string, settled: boolean): Standing => {
      log({ severity: "ERROR", event: "model.refused", version: alias, reason });
      const predictor = refusedPredictor(alias, windowMs, `model version ${alias} is refused: ${reason}`);
      return { alias, predictor, trainedAt: null, settled };
    };
    let version: ModelVersion;
    try {
      version = await withinLimit(
        LOAD_TIMEOUT_MS,
        readVersion((file) => models.read(alias, file)),
      );
    } catch (error) {
      // It may be complete the next time.
      return refused(reasonOf(error), false);
    }
    if (version.card.window * 1000 !== windowMs)
      return refused(
        `it was trained for a hold window of ${version.card.window} s, and this one is ${windowMs / 1000} s`,
        true,
      );
    log({ severity: "INFO", event: "model.loaded", version: alias });
    const trainedAt = Date.parse(version.card.trainedAt);
    return { alias, predictor: learnedPredictor(alias, version), trainedAt, settled: true };
  }

  async function refreshStanding(): Promise<Standing> {
    standing = await readStanding();
    return standing;
  }
  const current = memo(refreshStanding, { ttlMs: CHAMPION_POLL_MS, now: () => clock.now() });

  return async () => {
    const { alias, predictor, trainedAt } = await current();
    const age = trainedAt === null ? 0 : clock.now() - trainedAt;
    if (age <= maxAgeMs) return predictor;
    const days = (ms: number) => Math.floor(ms / 86_400_000);
    const reason = `it was trained ${days(age)} days ago, and ${days(maxAgeMs)} are the most`;
    if (clock.now() - reportedAt >= REPORT_AGAIN_MS) {
      reportedAt = clock.now();
      log({ severity: "ERROR", event: "model.refused", version: alias, reason });
    }
    return refusedPredictor(alias ?? "none", windowMs, `model version ${alias} is refused: ${reason}`);
  };
}

/** Rejects if the work takes longer than `limitMs` milliseconds. */
async function withinLimit<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it could not be read within ${limitMs / 1000} s`)), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
