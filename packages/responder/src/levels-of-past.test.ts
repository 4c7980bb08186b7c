import { expect, test } from "vitest";
import { chanceByPast, chanceLowerBound } from "./levels-of-past.ts";
import { holdable, NOW, observationOf, recordOf, rules } from "./observation.fixture.ts";
import { novelty } from "./rails/name-rails.ts";

const organisation = { selfResolved: 300, decided: 1_000 };
const levels = { organisation, likeness: { alertType: 8, service: 4 } };
const bound = (alertType: Parameters<typeof recordOf>, service: Parameters<typeof recordOf>, known = true) =>
  chanceLowerBound(
    chanceByPast(
      {
        nameRecords: [[recordOf(...alertType)], [], []],
        alertTypeRecords: [recordOf(...alertType)],
        serviceRecords: [recordOf(...service)],
        openedAt: NOW,
      },
      known ? levels : undefined,
    ),
  );

test("five self-resolved of five mean less on a service, and in an organisation, where little resolves itself", () => {
  const [onGood, onBad] = [bound([5], [95, 5]), bound([5], [5, 95])];
  expect(onGood).toBeGreaterThan(onBad + 0.3);
  expect(bound([5], [0])).toBeLessThan(bound([5], [0], false));
  expect(bound([60], [5, 95])).toBeGreaterThan(onBad + 0.3);
});

/** The novelty rail on a name with this past, on a service where nearly every incident is real. */
const judged = (selfResolved: number, real: number, change: object = {}) => {
  const observation = observationOf({
    nameRecords: [[recordOf(selfResolved, real)], [], []],
    alertTypeRecords: [recordOf(selfResolved, real)],
    serviceRecords: [recordOf(5, 95)],
  });
  const before = holdable();
  return novelty.judge({
    ...before,
    observation,
    predictor: { ...before.predictor, levels },
    settings: { ...rules, ...change },
  });
};

test("novelty requires the bound in addition to the count, never instead of it", () => {
  expect(judged(60, 0)).toMatchObject({ allowsHold: true, sentence: expect.stringContaining("at least") });
  expect(judged(5, 0)).toMatchObject({
    allowsHold: false,
    sentence: expect.stringMatching(/^Too little is known/),
  });
  expect(judged(4, 0)).toMatchObject({
    allowsHold: false,
    sentence: expect.stringContaining("5 are needed"),
  });
  expect(judged(0, 0, { novelty: 0 }).allowsHold).toBe(true);
});
