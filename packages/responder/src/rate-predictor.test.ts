import { TrackRecordBuilder } from "@mrdata/incident";
import { featuresOf, featureTable } from "@mrdata/learning";
import { describe, expect, test } from "vitest";
import { certificate, NOW, observationOf, recordOf, WINDOW } from "./observation.fixture.ts";
import { noDetails } from "./predictor.ts";
import { RATE_THRESHOLD, ratePredictor } from "./rate-predictor.ts";

const DAY = 86_400_000;
const predict = (record: ReturnType<typeof recordOf>, openedAt = NOW) =>
  ratePredictor(WINDOW).predict(observationOf({ alertTypeRecords: [record], openedAt }));

describe("the rate predictor", () => {
  test("abstains before the fifth outcome, and says how many it has seen", () => {
    expect(predict(recordOf(4))).toMatchObject({
      probability: null,
      abstained: expect.stringContaining("4 times"),
    });
    expect(predict(recordOf(5)).abstained).toBeNull();
  });

  test("is smoothed: five of five is not certain, and is enough to hold", () => {
    const { probability } = predict(recordOf(5));
    expect(probability).toBeCloseTo(6 / 7, 2);
    expect(probability).toBeGreaterThan(RATE_THRESHOLD);
  });

  test("falls below the threshold when incidents needed a human", () => {
    expect(predict(recordOf(5, 2)).probability).toBeLessThan(RATE_THRESHOLD);
  });

  test.each([0, 1, 3, 10, 40])(
    "is what a backtest measures, with and without a certificate, whatever else its service knows (%i)",
    (others) => {
      const alertTypeRecords = [recordOf(8, 3)];
      const serviceRecords = [recordOf(8 + others, 3 + 2 * others)];
      const observation = observationOf({ alertTypeRecords, serviceRecords });
      const row = featuresOf(
        {
          ...observation,
          title: "",
          alertType: alertTypeRecords.map((record) => TrackRecordBuilder.of(record)),
          service: serviceRecords.map((record) => TrackRecordBuilder.of(record)),
          texts: {},
          values: {},
        },
        noDetails,
      );
      const measured = row[featureTable(noDetails).findIndex(({ name }) => name === "alert-type.rateEver")];
      for (const predictor of [ratePredictor(WINDOW), ratePredictor(WINDOW, certificate)])
        expect(predictor.predict(observation).probability).toBe(measured);
    },
  );

  test("with a certificate gives the certified rate, and holds at the certificate's threshold or above", () => {
    const certified = ratePredictor(WINDOW, { ...certificate, threshold: 0.7 });
    expect(certified).toMatchObject({ threshold: 0.7, certificate: { threshold: 0.7 } });
    const records = { alertTypeRecords: [recordOf(8, 2)], serviceRecords: [] };
    const fresh = certified.predict(observationOf(records)).probability;
    // Eight of ten, smoothed by two pseudo-outcomes at even odds; old outcomes weigh as much as recent ones.
    expect(fresh).toBeCloseTo(9 / 12, 5);
    const later = observationOf({ ...records, openedAt: NOW + 200 * DAY });
    expect(certified.predict(later).probability).toBe(fresh);
    expect(ratePredictor(WINDOW).certificate).toBeNull();
  });

  test("gives its reason in numbers", () => {
    expect(predict(recordOf(8, 1)).reasons).toEqual([
      "8 of the last 9 incidents of this alert resolved themselves within 5 minutes.",
    ]);
  });
});
