import { type Prediction, replayOfRecord, type TrackRecord } from "@mrdata/incident";
import { readVersion } from "@mrdata/learning";
import type { RecordedEvent } from "@mrdata/platform";
import { learnedPredictor } from "@mrdata/responder";
import type { Simulation } from "../simulation/simulated-bot.ts";
import { replayed } from "../support/replayed.ts";
import type { Beginning } from "./beginning.ts";
import type { Fault } from "./faults.ts";

/** So many predictions are replayed: each needs the whole past of its service. */
const SAMPLE = 40;
/** Clocks may differ by so much, milliseconds. */
const SKEW = 150_000;

export type AuditOptions = {
  readonly faults: readonly Fault[];
  readonly simulation: Simulation;
  readonly predictions: ReadonlyMap<string, Prediction>;
  /** Milliseconds. */
  readonly windowMs: number;
  readonly beginning: Beginning;
};

/** Whether the ledger is whole and honest once the fault is over (invariants 6 to 9): what is wrong with it, in sentences. */
export async function audit(options: AuditOptions): Promise<readonly string[]> {
  const { faults, simulation, predictions, beginning } = options;
  const events: RecordedEvent[] = [];
  for await (const past of simulation.ledger.pastIncidents()) events.push(...past.events);
  const known = new Set(events.map(({ id }) => id));
  const told = simulation.pagerduty.events;
  const happened = new Set(told.map(({ id }) => id));
  const invented = events.filter(
    ({ id, type }) => type !== "described" && !happened.has(id) && !beginning.events.has(id),
  );
  // A subscription that is switched off is told nothing: PagerDuty keeps none of it.
  const lost = faults.some(({ name }) => name === "webhooks-stop")
    ? []
    : told.filter(({ id }) => !known.has(id));
  const violations =
    lost.length === 0
      ? []
      : [
          `${lost.length} of ${told.length} events are in no timeline, such as ${lost[0]?.type} of ${lost[0]?.incident}`,
        ];
  if (invented.length > 0)
    violations.push(
      `${invented.length} recorded events never happened, such as ${invented[0]?.type} of ${invented[0]?.incident}`,
    );
  if (simulation.bus.deadLetters.length > 0)
    violations.push(
      `${simulation.bus.deadLetters.length} dead letters wait: ${simulation.bus.deadLetters[0]?.reason}`,
    );
  const stated = [...predictions.values()].filter(
    ({ model, probability }) => model === "sound" && probability !== null,
  );
  const step = Math.max(1, Math.floor(stated.length / SAMPLE));
  const sample = stated.filter((_, i) => i % step === 0);
  return [...violations, ...(await replaying(sample, events, options))];
}

async function replaying(
  sample: readonly Prediction[],
  events: readonly RecordedEvent[],
  { simulation, windowMs, beginning }: AuditOptions,
): Promise<readonly string[]> {
  const predictor = learnedPredictor(
    "sound",
    await readVersion(async (file) => beginning.version.get(file) ?? null),
  );
  const byRecord = new Map<string, RecordedEvent[]>();
  const wanted = new Set(sample.flatMap(({ asOf }) => Object.keys(asOf.records)));
  for (const event of events)
    for (const record of Object.keys(event.applied)) {
      if (!wanted.has(record)) continue;
      const list = byRecord.get(record) ?? [];
      byRecord.set(record, list);
      list.push(event);
    }
  // Predictions come in the order of their openings, and their records' versions with them: each replay goes on from the last.
  const replays = new Map<string, ReturnType<typeof replayOfRecord>>();
  const recordOf = (key: string, version: number): TrackRecord => {
    const known = replays.get(key) ?? replayOfRecord(key, byRecord.get(key) ?? [], { windowMs });
    replays.set(key, known);
    return known(version);
  };
  const violations: string[] = [];
  for (const prediction of sample) {
    const { incident, asOf, decidedAt } = prediction;
    const read = Object.keys(asOf.records).flatMap((record) => byRecord.get(record) ?? []);
    const early = read.find(
      ({ applied, occurredAt }) =>
        occurredAt > decidedAt + SKEW &&
        Object.entries(applied).some(([record, number]) => number <= (asOf.records[record] ?? 0)),
    );
    if (early !== undefined)
      violations.push(
        `the prediction of ${incident} knew of ${early.type} of ${early.incident} before it happened`,
      );
    const own = (await simulation.ledger.incident(incident))?.events ?? [];
    const again = replayed({
      predictor,
      prediction,
      title: simulation.pagerduty.incident(incident).title,
      events: own,
      windowMs,
      recordOf,
    });
    if (JSON.stringify(again.features) !== JSON.stringify(prediction.features))
      violations.push(`the features of ${incident} are others when they are replayed up to what it read`);
  }
  return violations.slice(0, 5);
}
