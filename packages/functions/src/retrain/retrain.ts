import { learnerSettings, ModelRefusedError, readCard, TREES, usualRule } from "@mrdata/learning";
import {
  armedServices,
  type Bus,
  type Clock,
  disarmAll,
  type HistoryFiles,
  type Ledger,
  type Log,
  type ModelStore,
  type Settings,
} from "@mrdata/platform";
import { answer, type Handler, reasonOf } from "@mrdata/runtime";
import { beginImport, specOf, startJob, type TrainingSpec } from "@mrdata/training";
import { sendTask, tellLog } from "../learn/learn.ts";
import { readSettings } from "../rules-for.ts";
import { BY_ITSELF } from "../sweep/by-itself.ts";
import { type Drift, findDrift } from "./find-drift.ts";
import { EVERY_MS } from "./next-retrain.ts";

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
/** A champion that was trained longer ago is told of, long before it is refused. */
const OVERDUE_MS = 30 * DAY_MS;
/** What was told is not told again for so long, unless it is another. */
const TELL_AGAIN_MS = 30 * DAY_MS;
const REFITS = 12;

/** How a training that nobody watches learns. `budget`: the miss budget, a share. */
export const usualSpec = (of: {
  readonly now: number;
  readonly windowMs: number;
  readonly budget: number;
  /** The chance that the certificate is wrong, and how far back its rows reach, days. */
  readonly certificate: Settings["certificate"];
  /** What the learners are made with, where a tuning found better settings that passed the gate. */
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

/** Settings of another program are left: the learners are then made as usual. */
function learnersOf(found: unknown): Pick<TrainingSpec, "learners"> {
  const read = learnerSettings.safeParse(found);
  return read.success ? { learners: read.data } : {};
}

/**
 * Looks for drift, once a day, and starts a training where one is due or something drifted: called twice, it is the same.
 * Where the model has become too sure the bot is disarmed. Says so where the champion grows old.
 */
export function createRetrain(
  { bus, ledger, models, history, clock, log }: RetrainPorts,
  { windowMs }: { readonly windowMs: number },
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
  /** What has drifted since it was told last. Finding it fails nothing: a training that is due begins all the same. */
  async function newDrift(now: number): Promise<readonly Drift[]> {
    try {
      const found = await findDrift(ledger, now);
      const { drifted } = await ledger.training.state();
      const fresh = found.filter(
        ({ subject }) => now - (drifted[subject]?.at ?? Number.NEGATIVE_INFINITY) > TELL_AGAIN_MS,
      );
      const told = Object.fromEntries(fresh.map(({ subject, sentence }) => [subject, { at: now, sentence }]));
      if (fresh.length > 0)
        await ledger.training.changeState((state) => ({
          ...state,
          drifted: {
            ...Object.fromEntries(
              Object.entries(state.drifted).filter(([, { at }]) => now - at <= TELL_AGAIN_MS),
            ),
            ...told,
          },
        }));
      return fresh;
    } catch (error) {
      log({ severity: "ERROR", event: "drift.failed", reason: reasonOf(error) });
      return [];
    }
  }

  /** Where nobody would be paged late for it nothing is disarmed; what is held is paged by the next sweep. */
  async function disarm(sentence: string, settings: Settings, now: number): Promise<void> {
    const services = armedServices(settings);
    if (services.length === 0) return;
    const why = sentence.replace(/\.$/, "");
    await ledger.changeSettings((before) => disarmAll(before, { who: BY_ITSELF, at: now, why }));
    log({ severity: "ERROR", event: "calibration.broken", reason: sentence, services });
  }

  /** Notes which history files the job imports. Where they cannot be listed a training begins all the same, without them. */
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
      const drift = await newDrift(now);
      for (const { subject, sentence, disarms } of drift) {
        log({ severity: "WARNING", event: "drift.found", subject, reason: sentence });
        if (disarms) await disarm(sentence, settings, now);
      }
      const id = `train-${new Date(now).toISOString().slice(0, 10)}`;
      const last = (await ledger.training.jobs({ limit: 20 })).find(({ kind }) => kind === "train");
      // The same day's is begun again, for whoever began it may have died.
      const isDue = last === undefined || last.id === id || now - last.createdAt >= EVERY_MS;
      const begins = isDue || drift.length > 0;
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
                  learners: (await ledger.training.state()).learners,
                }),
              },
              { ledger, send: sendTask(bus), now: () => now, tell: tellLog(log) },
            )
          ).state
        : "not-due";
      log({ severity: "INFO", event: "retrain.done", job: id, state, drift: drift.length });
      return answer(200, { job: id, state, drift: drift.map(({ sentence }) => sentence) });
    } catch (error) {
      log({ severity: "ERROR", event: "function.failed", reason: reasonOf(error) });
      return answer(503, { error: reasonOf(error) });
    }
  };
}
