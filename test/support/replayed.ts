import {
  type AppliedEvent,
  detailSubject,
  detailsIn,
  type Prediction,
  type RecordSubject,
  recordAsOf,
  recordKeysOf,
  subjectsOf,
  type TrackRecord,
  withoutIncident,
} from "@mrdata/incident";
import type { Forecast, Predictor } from "@mrdata/responder";

/** The forecast again, from the recorded events up to the versions that the prediction says it read. */
export function replayed({
  predictor,
  prediction,
  title,
  events,
  windowMs,
  recordOf = (key, version) => recordAsOf(key, version, events, { windowMs }),
}: {
  readonly predictor: Predictor;
  readonly prediction: Prediction;
  readonly title: string;
  readonly events: readonly AppliedEvent[];
  /** Milliseconds. */
  readonly windowMs: number;
  /** A track record at a version, for whoever replays many predictions; left out, it is replayed from the events. */
  readonly recordOf?: (key: string, version: number) => TrackRecord;
}): Forecast {
  const { asOf, service, incident } = prediction;
  const own = events.filter((event) => event.incident === incident);
  const recordsOf = (subject: RecordSubject) =>
    recordKeysOf(subject, windowMs).flatMap((key) => {
      const version = asOf.records[key] ?? 0;
      return version === 0 ? [] : [withoutIncident(key, recordOf(key, version), own, { windowMs })];
    });
  const { numbers, texts } = detailsIn(own);
  const [alertType = [], serviceRecords = [], finest = [], general = [], words = []] = subjectsOf(
    service,
    title,
  ).map(recordsOf);
  return predictor.predict({
    incident,
    service,
    title,
    urgency: own.find(({ type }) => type === "triggered")?.snapshot?.urgency ?? "high",
    priority: null,
    openedAt: prediction.openedAt,
    alertTypeRecords: alertType,
    serviceRecords,
    nameRecords: [finest, general, words],
    textRecords: Object.fromEntries(
      Object.entries(texts).map(([name, value]) => [name, recordsOf(detailSubject(service, name, value))]),
    ),
    texts,
    numbers,
    organisation: asOf.organisation,
  });
}
