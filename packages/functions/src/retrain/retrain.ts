import { learnerSettings, ModelRefusedError, readCard, TREES, usualRule } from "@mrdata/learning";
import {
  armedServices,
  type Bus,
  type Clock,
  disarmAll,
  type HistoryFiles,
  type LearningState,
  type Ledger,
  type Log,
  type ModelStore,
  type Settings,
} from "@mrdata/platform";
import { answer, type Handler, reasonOf } from "@mrdata/runtime";
import { beginImport, endAbandoned, specOf, startJob, type TrainingSpec } from "@mrdata/training";
import { jobEventLog, sendTask } from "../learn/learn.ts";
import { readSettings } from "../rules-for.ts";
import { BY_ITSELF } from "../sweep/by-itself.ts";
import { type Champion, calibrationKey, type Drift, findDrift, isOfAnother } from "./find-drift.ts";
import { type Every, isTrainingDue, JOBS_LOOKED_THROUGH, lastTraining, trainingId } from "./next-retrain.ts";

export { RETRAIN_CRON, retrainManifest } from "./manifest.ts";

export type RetrainPorts = {
  readonly bus: Bus;
  readonly ledger: Pick<
    Ledger,
    "training" | "settings" | "changeSettings" | "alias" | "pastIncidents" | "predictions"
  >;
  readonly models: Pick<ModelStore, "read">;
  /** Where files are imported from; null where none are. */
  readonly history: HistoryFiles | null;
  readonly clock: Clock;
  readonly log: Log;
};

const DAY_MS = 86_400_000;
/** A champion trained longer ago than this is reported, long before it is refused. */
const OVERDUE_MS = 30 * DAY_MS;
/** A reported drift is not reported again within this, unless it is a different one. */
const REPORT_AGAIN_MS = 30 * DAY_MS;
const REFITS = 12;

/** The settings of an unattended training. `budget`: the miss budget, a share. */
export const usualSpec = (of: {
  readonly now: number;
  readonly windowMs: number;
  readonly budget: number;
  /** The probability that the certificate is wrong, and how far back its rows reach, days. */
  readonly certificate: Settings["certificate"];
  /** Learner settings from a tuning that passed the gate, where there are any. */
  readonly learners?: unknown;
}): TrainingSpec =>
  specOf({
    now: of.now,
    windowMs: of.windowMs,
    refits: REFITS,
    seed: 1,
    trees: TREES,
    rule: { ...usualRule, missBudget: of.budget },
    certificate: { budget: of.budget, delta: of.certificate.delta, days: of.certificate.days },
    keepColumns: [],
    windows: true,
    unattended: true,
    ...learnersOf(of.learners),
  });

/** Settings of another program are ignored: the learners then use the defaults. */
function learnersOf(found: unknown): Pick<TrainingSpec, "learners"> {
  const read = learnerSettings.safeParse(found);
  return read.success ? { learners: read.data } : {};
}

/**
 * Since when a champion's probabilities are checked: from its first prediction, or from when a person armed again after
 * their drift was reported.
 */
function countedSince(version: string, settings: Settings, { drifted }: LearningState): number {
  const reported = drifted[calibrationKey("sure", version)]?.at;
  const armed = armedServices(settings).flatMap((id) => settings.services[id]?.at ?? []);
  const since = Math.min(...armed);
  return reported !== undefined && armed.length > 0 && since > reported ? since : Number.NEGATIVE_INFINITY;
}

/**
 * Looks for drift once a day, and starts a training where one is due or something drifted; idempotent. Where the model
 * has become overconfident the bot is disarmed. Reports a champion that is getting old.
 */
export function createRetrain(
  { bus, ledger, models, history, clock, log }: RetrainPorts,
  {
    windowMs,
    every,
  }: {
    readonly windowMs: number;
    /** How often a training begins by itself. Where none does, drift is still looked for. */
    readonly every: Every;
  },
): Handler {
  /** When the champion was trained, milliseconds since the epoch; null where there is none that can be read. */
  async function championTrainedAt(): Promise<number | null> {
    const champion = await ledger.alias("champion");
    if (champion === null) return null;
    try {
      return Date.parse((await readCard((file) => models.read(champion, file))).trainedAt);
    } catch (error) {
      if (error instanceof ModelRefusedError) return null;
      throw error;
    }
  }
  /** The current drifts. A failure here blocks nothing: a training that is due begins all the same. */
  async function lookForDrift(now: number, champion: Champion | null): Promise<readonly Drift[]> {
    try {
      return await findDrift(ledger, now, champion);
    } catch (error) {
      log({ severity: "ERROR", event: "drift.failed", reason: reasonOf(error) });
      return [];
    }
  }

  /**
   * Records the reported drifts, after everything that follows from them: what fails before this is repeated. Reports
   * on another champion's probabilities are dropped.
   */
  async function noteDrift(reported: readonly Drift[], champion: string | null, now: number): Promise<void> {
    await ledger.training.changeState((state) => ({
      ...state,
      drifted: {
        ...Object.fromEntries(
          Object.entries(state.drifted).filter(
            ([key, { at }]) =>
              !isOfAnother(key, champion) &&
              // The time of the report on the champion's probabilities determines since when they are checked.
              (now - at <= REPORT_AGAIN_MS ||
                (champion !== null && key === calibrationKey("sure", champion))),
          ),
        ),
        ...Object.fromEntries(reported.map(({ key, sentence }) => [key, { at: now, sentence }])),
      },
    }));
  }

  /** Does not disarm where no page would be late for it; what is held is paged by the next sweep. */
  async function disarm(sentence: string, now: number): Promise<void> {
    const why = sentence.replace(/\.$/, "");
    let services: readonly string[] = [];
    await ledger.changeSettings((before) => {
      services = armedServices(before);
      return services.length === 0 ? before : disarmAll(before, { who: BY_ITSELF, at: now, why });
    });
    if (services.length > 0)
      log({ severity: "ERROR", event: "calibration.broken", reason: sentence, services });
  }

  /** Records which history files the job imports. If they cannot be listed, the training begins without them. */
  async function listHistory(id: string, now: number): Promise<void> {
    if (history === null || (await ledger.training.job(id)) !== null) return;
    try {
      for (const { name, generation, bytes, writtenBy } of await beginImport(id, history, { ledger, now }))
        log({
          severity: "INFO",
          event: "history.imported",
          job: id,
          file: name,
          generation,
          bytes,
          writtenBy,
        });
    } catch (error) {
      log({ severity: "ERROR", event: "history.unreadable", job: id, reason: reasonOf(error) });
    }
  }

  return async function retrain() {
    try {
      const now = clock.now();
      const trainedAt = await championTrainedAt();
      if (trainedAt !== null && now - trainedAt > OVERDUE_MS)
        log({
          severity: "WARNING",
          event: "champion.overdue",
          trainedAt: new Date(trainedAt).toISOString(),
        });
      const settings = await readSettings(ledger, log);
      if (settings === null) return answer(503, { error: "the settings cannot be read" });
      const learning = await ledger.training.state();
      const version = await ledger.alias("champion");
      const drift = await lookForDrift(
        now,
        version === null ? null : { version, since: countedSince(version, settings, learning) },
      );
      // Every drift found, not only new ones: that repeats a disarming that failed, or that is due after a person armed
      // again.
      for (const { sentence, disarms } of drift) if (disarms) await disarm(sentence, now);
      const fresh = drift.filter(
        ({ key }) => now - (learning.drifted[key]?.at ?? Number.NEGATIVE_INFINITY) > REPORT_AGAIN_MS,
      );
      for (const { subject, sentence } of fresh)
        log({ severity: "WARNING", event: "drift.found", subject, reason: sentence });
      const starting = { ledger, send: sendTask(bus), now: () => now, report: jobEventLog(log) };
      await endAbandoned(starting);
      const id = trainingId(every, now);
      const last = lastTraining(await ledger.training.jobs({ limit: JOBS_LOOKED_THROUGH }), now);
      // The same day's job is begun again, because its starter may have crashed.
      const isDue = last?.id === id || isTrainingDue(every, last?.createdAt ?? null, now);
      const begins = every !== null && (isDue || fresh.length > 0);
      if (begins) await listHistory(id, now);
      const state = begins
        ? (
            await startJob(
              {
                id,
                spec: usualSpec({
                  now,
                  windowMs,
                  budget: settings.missBudget,
                  certificate: settings.certificate,
                  learners: learning.learners,
                }),
              },
              starting,
            )
          ).state
        : every === null
          ? "off"
          : "not-due";
      if (fresh.length > 0 || Object.keys(learning.drifted).some((key) => isOfAnother(key, version)))
        await noteDrift(fresh, version, now);
      log({ severity: "INFO", event: "retrain.done", job: id, state, drift: fresh.length });
      return answer(200, { job: id, state, drift: fresh.map(({ sentence }) => sentence) });
    } catch (error) {
      log({ severity: "ERROR", event: "function.failed", reason: reasonOf(error) });
      return answer(503, { error: reasonOf(error) });
    }
  };
}
