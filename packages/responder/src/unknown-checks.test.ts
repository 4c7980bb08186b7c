import fc from "fast-check";
import { expect, test } from "vitest";
import { UNKNOWN_LIMIT_MS, unknownNow } from "./unknown-checks.ts";

const SERVICE = "PDATABASE";
const minute = fc.integer({ min: 0, max: 60 }).map((minutes) => minutes * 60_000);

test("all checks are unknown once they have not been answered for 15 minutes, whether or not they ever were", () => {
  fc.assert(
    fc.property(fc.option(minute), fc.option(minute), minute, (answeredAt, armedAt, now) => {
      const found = unknownNow({ answeredAt, unknown: [] }, { service: SERVICE, armedAt }, now);
      const since = armedAt === null ? now : Math.max(armedAt, answeredAt ?? 0);
      expect(found.map((one) => one.since)).toEqual(now - since >= UNKNOWN_LIMIT_MS ? [since] : []);
    }),
    { numRuns: 500 },
  );
});

test("an unknown check of a service is unknown whether or not the service is armed, and for no other service", () => {
  const one = { service: SERVICE, check: "level-2", sentence: "Nobody knows.", since: 0 };
  const unknown = [one, { ...one, service: "PSHOP" }];
  for (const armedAt of [null, 0])
    for (const answeredAt of [null, 0])
      expect(unknownNow({ answeredAt, unknown }, { service: SERVICE, armedAt }, 60_000)).toEqual([one]);
});
