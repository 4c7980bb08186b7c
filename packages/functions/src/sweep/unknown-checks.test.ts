import { type Check, unknown } from "@mrdata/doctor";
import type { UnknownCheck } from "@mrdata/platform";
import fc from "fast-check";
import { expect, test } from "vitest";
import { nextUnknown } from "./unknown-checks.ts";

const services = ["PDATABASE", "PSHOP", "PGONE"] as const;
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

test("a check is unknown since the first of the rounds in a row that did not answer it", () => {
  fc.assert(
    fc.property(rounds, (list) => {
      let now = 0;
      let noted: readonly UnknownCheck[] = [];
      const expected = new Map<string, number>();
      for (const { minutes, unknownOf, isWhole, armed } of list) {
        now += minutes * 60_000;
        const health = {
          isWhole,
          unknownOf: new Map(Object.entries(unknownOf).map(([service, of]) => [service, checksOf(of)])),
        };
        noted = nextUnknown(noted, health, { armed, now });
        for (const service of ["PDATABASE", "PSHOP"] as const)
          for (const name of names) {
            const key = `${service} ${name}`;
            if (!armed.includes(service)) expected.delete(key);
            else if (unknownOf[service].includes(name)) expected.set(key, expected.get(key) ?? now);
            // What PagerDuty was not even asked stays as it was.
            else if (isWhole) expected.delete(key);
          }
        const found = new Map(noted.map(({ service, check, since }) => [`${service} ${check}`, since]));
        expect(found).toEqual(expected);
        expect(noted).toHaveLength(found.size);
      }
    }),
  );
});

test("a beginning in the future, of a clock that was set back, is now", () => {
  const before = [{ service: services[0], check: "level-2", sentence: "", since: 9_000 }];
  const health = { isWhole: true, unknownOf: new Map([[services[0], checksOf(["level-2"])]]) };
  expect(nextUnknown(before, health, { armed: services, now: 1_000 })[0]?.since).toBe(1_000);
});
