import { type Check, unknown } from "@mrdata/doctor";
import type { LastChecks } from "@mrdata/platform";
import fc from "fast-check";
import { expect, test } from "vitest";
import { nextChecks } from "./unknown-checks.ts";

const services = ["PDATABASE"] as const;
const names = ["level-2", "token", "subscription"] as const;
const checksOf = (unknownNames: readonly (typeof names)[number][]): readonly Check[] =>
  unknownNames.map((name) => unknown({ name }, "It could not be read.", "Run the checks again."));

const some = fc.subarray([...names]);
const rounds = fc.array(
  fc.record({
    minutes: fc.integer({ min: 1, max: 20 }),
    unknownOf: fc.record({ PDATABASE: some, PSHOP: some }),
    isWhole: fc.boolean(),
    armed: fc.subarray(["PDATABASE", "PSHOP"]),
  }),
  { maxLength: 12 },
);

test("a check is unknown since it was last answered, or since its service was armed", () => {
  fc.assert(
    fc.property(rounds, (list) => {
      let now = 0;
      let noted: LastChecks = { answeredAt: null, unknown: [] };
      const expected = new Map<string, number>();
      const armedAt = new Map<string, number>();
      let answeredAt: number | null = null;
      for (const { minutes, unknownOf, isWhole, armed } of list) {
        now += minutes * 60_000;
        const health = {
          isWhole,
          unknownOf: new Map(Object.entries(unknownOf).map(([service, of]) => [service, checksOf(of)])),
        };
        for (const service of ["PDATABASE", "PSHOP"])
          if (!armed.includes(service)) armedAt.delete(service);
          else if (!armedAt.has(service)) armedAt.set(service, now - 30_000);
        const services = armed.map((service) => ({ service, armedAt: armedAt.get(service) ?? 0 }));
        noted = nextChecks(noted, health, { armed: services, now });
        for (const service of ["PDATABASE", "PSHOP"] as const)
          for (const name of names) {
            const key = `${service} ${name}`;
            if (!armed.includes(service)) expected.delete(key);
            else if (unknownOf[service].includes(name))
              expected.set(key, expected.get(key) ?? Math.max(answeredAt ?? 0, armedAt.get(service) ?? 0));
            // What PagerDuty was not asked stays as it was.
            else if (isWhole) expected.delete(key);
          }
        if (isWhole) answeredAt = now;
        const { unknown: found } = noted;
        const since = new Map(found.map((one) => [`${one.service} ${one.check}`, one.since]));
        expect(since).toEqual(expected);
        expect(found).toHaveLength(since.size);
        expect(noted.answeredAt).toBe(answeredAt);
      }
    }),
  );
});

test("a beginning in the future, of a clock that was set back, is now", () => {
  const before = {
    answeredAt: null,
    unknown: [{ service: services[0], check: "level-2", sentence: "", since: 9_000 }],
  };
  const health = { isWhole: true, unknownOf: new Map([[services[0], checksOf(["level-2"])]]) };
  const armed = [{ service: services[0], armedAt: 0 }];
  expect(nextChecks(before, health, { armed, now: 1_000 }).unknown[0]?.since).toBe(1_000);
});
