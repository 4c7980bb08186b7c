import { memo } from "@mrdata/base";
import { type ModelVersion, readVersion } from "@mrdata/learning";
import type { Clock, Ledger, Log, ModelStore } from "@mrdata/platform";
import { learnedPredictor, type Predictor, ratePredictor, refusedPredictor } from "@mrdata/responder";
import { reasonOf } from "@mrdata/runtime";
import { newestOwnRate } from "./own-rate.ts";

export type ChampionPorts = {
  readonly ledger: Pick<Ledger, "alias">;
  readonly models: Pick<ModelStore, "read" | "versions">;
  readonly clock: Clock;
  readonly log: Log;
};

export type ChampionOptions = {
  /** The hold window, milliseconds: a version for another is refused. */
  readonly window: number;
  /** A version that was trained longer ago is refused, milliseconds. */
  readonly maxAge: number;
};

/** Answers with who predicts now. Never rejects: what cannot be used is refused, and abstains with the reason. */
export type Champion = () => Promise<Predictor>;

/** How often the alias is looked at, milliseconds: every instance follows a roll-back within a minute. */
export const LOOK_AGAIN = 30_000;
/** How often it is said that the model is too old, milliseconds: an alarm counts it. */
const TELL_AGAIN = 3_600_000;
/** A model that does not come within this is refused for the time being, milliseconds. */
const LOAD_TIMEOUT_MS = 10_000;

type Standing = {
  readonly alias: string | null;
  readonly predictor: Predictor;
  /** Null for what never grows too old. */
  readonly trainedAt: number | null;
  /** False where the next look is to try again even if the alias stays. */
  readonly settled: boolean;
};

/**
 * The champion version, loaded once and again when its alias moves. Where no version was ever promoted the alert type's
 * own rate predicts, by the certificate that the newest published version has for it.
 */
export function createChampion(
  { ledger, models, clock, log }: ChampionPorts,
  options: ChampionOptions,
): Champion {
  const { window, maxAge } = options;
  let standing: Standing | null = null;
  let toldAt = Number.NEGATIVE_INFINITY;

  async function look(): Promise<Standing> {
    let alias: string | null;
    try {
      alias = await ledger.alias("champion");
    } catch (error) {
      log({ severity: "ERROR", event: "champion.unreadable", reason: reasonOf(error) });
      // What is loaded was the champion half a minute ago; nothing loaded is nobody.
      if (standing !== null) return standing;
      const why = "which model version is champion could not be read";
      return {
        alias: null,
        predictor: refusedPredictor("none", window, why),
        trainedAt: null,
        settled: false,
      };
    }
    if (standing?.settled && standing.alias === alias) return standing;
    if (alias === null) return ownRate();
    return load(alias);
  }

  /** What can be read of no version holds nothing, and is tried again. */
  async function ownRate(): Promise<Standing> {
    try {
      const own = await newestOwnRate(models, window);
      if (own !== null) {
        const predictor = ratePredictor(window, own.certificate, own.learntNames);
        return { alias: null, predictor, trainedAt: Date.parse(own.trainedAt), settled: false };
      }
    } catch (error) {
      log({ severity: "ERROR", event: "fallback.unreadable", reason: reasonOf(error) });
    }
    return { alias: null, predictor: ratePredictor(window), trainedAt: null, settled: false };
  }

  async function load(alias: string): Promise<Standing> {
    const refused = (reason: string, settled: boolean): Standing => {
      log({ severity: "ERROR", event: "model.refused", version: alias, reason });
      const predictor = refusedPredictor(alias, window, `model version ${alias} is refused: ${reason}`);
      return { alias, predictor, trainedAt: null, settled };
    };
    let version: ModelVersion;
    try {
      version = await within(
        LOAD_TIMEOUT_MS,
        readVersion((file) => models.read(alias, file)),
      );
    } catch (error) {
      // It may be there, whole, the next time.
      return refused(reasonOf(error), false);
    }
    if (version.card.window * 1000 !== window)
      return refused(
        `it was trained for a hold window of ${version.card.window} s, and this one is ${window / 1000} s`,
        true,
      );
    log({ severity: "INFO", event: "model.loaded", version: alias });
    const trainedAt = Date.parse(version.card.trainedAt);
    return { alias, predictor: learnedPredictor(alias, version), trainedAt, settled: true };
  }

  async function lookAgain(): Promise<Standing> {
    standing = await look();
    return standing;
  }
  const current = memo(lookAgain, { ttlMs: LOOK_AGAIN, now: () => clock.now() });

  return async () => {
    const { alias, predictor, trainedAt } = await current();
    const age = trainedAt === null ? 0 : clock.now() - trainedAt;
    if (age <= maxAge) return predictor;
    const days = (ms: number) => Math.floor(ms / 86_400_000);
    const reason = `it was trained ${days(age)} days ago, and ${days(maxAge)} are the most`;
    if (clock.now() - toldAt >= TELL_AGAIN) {
      toldAt = clock.now();
      log({ severity: "ERROR", event: "model.refused", version: alias, reason });
    }
    return refusedPredictor(alias ?? "none", window, `model version ${alias} is refused: ${reason}`);
  };
}

/** Rejects if the work takes longer, milliseconds. */
async function within<T>(limit: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it could not be read within ${limit / 1000} s`)), limit);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
