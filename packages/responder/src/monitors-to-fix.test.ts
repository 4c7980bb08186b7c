import { expect, test } from "vitest";
import { monitorsToFix, type SeenIncident } from "./monitors-to-fix.ts";
import { resultOf } from "./result.ts";

const MINUTE = 60_000;
const seen = (minute: number, lasted: number | null, change: Partial<SeenIncident> = {}): SeenIncident => ({
  alertType: "disk",
  service: "PDATABASE",
  title: "Disk full",
  openedAt: minute * MINUTE,
  closedAt: lasted === null ? null : (minute + lasted) * MINUTE,
  held: true,
  outcome: lasted === null ? "needed-human" : "self-resolved",
  ...change,
});

test("an alert that comes back within an hour after it was held is one to fix, even if it is then paged", () => {
  const [one] = monitorsToFix([seen(0, 2), seen(30, 2), seen(60, 2, { held: false }), seen(200, 2)]);
  expect(one).toMatchObject({ alertType: "disk", holds: 3, cameBack: 2 });
  expect(monitorsToFix([seen(0, 2), seen(120, 2), seen(240, 2)])).toEqual([]);
  expect(monitorsToFix([seen(0, 2, { held: false }), seen(10, 2, { held: false })])).toEqual([]);
});

test("so is an alert whose holds grow longer, once there are six", () => {
  const longer = [1, 1, 1, 3, 3, 3].map((lasted, day) => seen(day * 1440, lasted));
  expect(monitorsToFix(longer)[0]?.seconds).toEqual({ earlier: 60, later: 180 });
  expect(monitorsToFix(longer)[0]?.why).toEqual(["It lasts longer: 180 s lately, 60 s before."]);
  expect(monitorsToFix(longer.slice(0, 5))).toEqual([]);
  expect(
    monitorsToFix(
      longer
        .toReversed()
        .map((one, day) => ({ ...one, openedAt: day * 1440 * MINUTE, closedAt: (day * 1440 + 1) * MINUTE })),
    ),
  ).toEqual([]);
});

test.each([
  ["hold", "threshold", "self-resolved", "hit"],
  ["hold", "threshold", "needed-human", "miss"],
  ["page", "storm", "needed-human", "correct page"],
  ["page", "storm", "self-resolved", "unneeded page"],
  ["page", "control", "needed-human", "control"],
  ["page", "control", null, "control"],
  ["hold", "threshold", "merged", "neither"],
  ["page", "storm", null, "open"],
] as const)("a decision to %s by %s that ended as %s is a %s", (decision, decidedBy, outcome, result) => {
  expect(resultOf({ decision, decidedBy }, outcome)).toBe(result);
});
