import { RunningRecord, type Tally, type TrackRecord, tallyOf } from "@mrdata/incident";
import { type Certificate, featuresOf, featureTable } from "@mrdata/learning";
import { noDetails, type Observation, type Predictor } from "./predictor.ts";

const DAY = 86_400_000;

/** Fewer than this many past outcomes of the same alert type are too few to go by. */
export const LEAST_SEEN = 5;
export const RATE_THRESHOLD = 0.8;
/** What was noise last spring may be real today: an outcome counts half after so long. */
const HALF_LIFE = 30 * DAY;

const RATE_EVER = featureTable(noDetails).findIndex(({ name }) => name === "alert-type.rateEver");
const running = (records: readonly TrackRecord[]) => records.map((record) => RunningRecord.of(record));

/** The rate as a backtest has it, from the same records by the same reducer. */
function rateEver({
  openedAt,
  urgency,
  organisation,
  alertTypeRecords,
  serviceRecords,
}: Observation): number | null {
  const row = featuresOf(
    {
      openedAt,
      urgency,
      organisation,
      title: "",
      alertType: running(alertTypeRecords),
      service: running(serviceRecords),
      texts: {},
      values: {},
      numbers: {},
    },
    noDetails,
  );
  return row[RATE_EVER] ?? null;
}

const decided = (tally: Tally): number =>
  tally.selfResolved + tally.neededHuman + tally.unknown + tally.timedOut;

/**
 * The alert type's own self-resolve rate, smoothed with one imagined outcome of each kind (Laplace's rule of
 * succession): the baseline that a learned model has to beat, and the fall-back where there is none. Merged incidents
 * say nothing and are left out; whatever is not clearly self-resolved counts against.
 *
 * With a certificate it answers the rate that was certified, ever and pulled to the service's, and holds from the
 * certificate's threshold on. Without one it holds nothing of an armed service.
 */
export function ratePredictor(window: number, certificate: Certificate | null = null): Predictor {
  return {
    version: "rate",
    window,
    threshold: certificate?.threshold ?? RATE_THRESHOLD,
    certificate,
    refused: null,
    details: noDetails,
    predict(observation: Observation) {
      const lifetime = tallyOf(observation.alertTypeRecords, observation.openedAt);
      const recent = tallyOf(observation.alertTypeRecords, observation.openedAt, HALF_LIFE);
      const service = tallyOf(observation.serviceRecords, observation.openedAt, HALF_LIFE);
      const seen = decided(lifetime);
      const rate = (recent.selfResolved + 1) / (decided(recent) + 2);
      const features = {
        "alert-type.seen": seen,
        "alert-type.self-resolved": lifetime.selfResolved,
        "alert-type.rate": rate,
        "service.seen": decided(service),
        "service.rate": (service.selfResolved + 1) / (decided(service) + 2),
        "organisation.hour": observation.organisation.hour,
        "organisation.day": observation.organisation.day,
      };
      if (seen < LEAST_SEEN) {
        return {
          features,
          probability: null,
          abstained: `this alert has been seen ${seen} ${seen === 1 ? "time" : "times"} with a known outcome, and ${LEAST_SEEN} are needed`,
          reasons: [],
          outside: [],
        };
      }
      return {
        features,
        probability: certificate === null ? rate : rateEver(observation),
        abstained: null,
        reasons: [
          `${lifetime.selfResolved} of the last ${seen} incidents of this alert resolved themselves within ${window / 60_000} minutes.`,
        ],
        outside: [],
      };
    },
  };
}
