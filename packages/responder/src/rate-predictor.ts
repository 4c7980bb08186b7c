import { type Tally, type TrackRecord, TrackRecordBuilder, tallyOf } from "@mrdata/incident";
import { type Certificate, historicalRate, type LearntNames, learntNameIn } from "@mrdata/learning";
import { noDetails, type Observation, type Predictor } from "./predictor.ts";

/** Below this many known outcomes of the same alert type, the predictor abstains. */
export const MIN_SEEN = 5;
export const RATE_THRESHOLD = 0.8;
/** Stands in for the model version of the rate predictor. */
export const RATE_VERSION = "rate";

const buildersOf = (records: readonly TrackRecord[]) =>
  records.map((record) => TrackRecordBuilder.toRead(record));

const decided = (tally: Tally): number =>
  tally.selfResolved + tally.neededHuman + tally.unknown + tally.timedOut;

/**
 * Predicts the alert type's historical self-resolve rate (`historicalRate`): the baseline that a learned model has to beat, and the
 * fall-back where there is no model. Merged incidents are excluded; every other outcome that is not clearly self-resolved
 * counts against.
 *
 * Name parts that a version has learnt (`learntNames`) make it more careful. With a certificate it holds at the certificate's
 * threshold or above; without one it holds nothing on an armed service. `windowMs` in milliseconds.
 */
export function ratePredictor(
  windowMs: number,
  certificate: Certificate | null = null,
  learntNames?: LearntNames,
): Predictor {
  return {
    version: RATE_VERSION,
    windowMs,
    threshold: certificate?.threshold ?? RATE_THRESHOLD,
    certificate,
    refused: null,
    details: noDetails,
    learntName: learntNames && learntNameIn(learntNames),
    predict(observation: Observation) {
      const lifetime = tallyOf(observation.alertTypeRecords, observation.openedAt);
      const service = tallyOf(observation.serviceRecords, observation.openedAt);
      const seen = decided(lifetime);
      const records = {
        alertType: buildersOf(observation.alertTypeRecords),
        service: buildersOf(observation.serviceRecords),
      };
      const rate = historicalRate(records, observation.openedAt);
      const features = {
        "alert-type.seen": seen,
        "alert-type.self-resolved": lifetime.selfResolved,
        "alert-type.rate": rate,
        "service.seen": decided(service),
        "service.rate": (service.selfResolved + 1) / (decided(service) + 2),
        "organisation.hour": observation.organisation.hour,
        "organisation.day": observation.organisation.day,
      };
      if (seen < MIN_SEEN) {
        return {
          features,
          probability: null,
          abstained: `this alert has been seen ${seen} ${seen === 1 ? "time" : "times"} with a known outcome, and ${MIN_SEEN} are needed`,
          reasons: [],
          outside: [],
        };
      }
      return {
        features,
        probability: rate,
        abstained: null,
        reasons: [
          `${lifetime.selfResolved} of the last ${seen} incidents of this alert resolved themselves within ${windowMs / 60_000} minutes.`,
        ],
        outside: [],
      };
    },
  };
}
