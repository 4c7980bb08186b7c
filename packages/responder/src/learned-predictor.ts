import { normaliseTitle, type TrackRecord, TrackRecordBuilder } from "@mrdata/incident";
import {
  forecaster,
  learntNameIn,
  learntWithVersion,
  type ModelVersion,
  outsideOf,
  reasonsOf,
  servedModel,
  unlikeLearnt,
} from "@mrdata/learning";
import type { Predictor } from "./predictor.ts";

const buildersOf = (records: readonly TrackRecord[]): readonly TrackRecordBuilder[] =>
  records.map((record) => TrackRecordBuilder.toRead(record));

/** A predictor for a trained model version; `name` as in the model store. */
export function learnedPredictor(name: string, version: ModelVersion): Predictor {
  const forecast = forecaster(version);
  const outside = outsideOf(version);
  const unlike = unlikeLearnt(version);
  const learntOf = learntWithVersion(version);
  const { card, details, learntNames } = version;
  const learntName = learntNames && learntNameIn(learntNames);
  return {
    version: name,
    windowMs: card.window * 1000,
    threshold: card.threshold,
    certificate: card.certificate,
    levels: card.levels,
    refused: null,
    details,
    served: servedModel(version),
    learntName,
    predict(observation) {
      const {
        openedAt,
        urgency,
        alertTypeRecords,
        serviceRecords,
        nameRecords,
        textRecords,
        numbers,
        organisation,
      } = observation;
      const { probability, features, moved } = forecast({
        openedAt,
        title: normaliseTitle(observation.title),
        urgency,
        alertType: buildersOf(alertTypeRecords),
        service: buildersOf(serviceRecords),
        names: nameRecords.map(buildersOf),
        texts: Object.fromEntries(
          Object.entries(textRecords).map(([text, records]) => [text, buildersOf(records)]),
        ),
        values: observation.texts,
        numbers,
        organisation,
        ...learntOf(observation),
      });
      return {
        features,
        probability,
        abstained: null,
        reasons: reasonsOf(moved),
        outside: outside(features),
        unlike: unlike(features),
      };
    },
  };
}
