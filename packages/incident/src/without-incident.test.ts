import fc from "fast-check";
import { expect, test } from "vitest";
import type { IncidentEvent } from "./event.ts";
import { historyArbitrary } from "./incident.arbitrary.ts";
import { type AppliedEvent, recordAsOf } from "./record-as-of.ts";
import { tallyOf } from "./tally.ts";
import { withoutIncident } from "./without-incident.ts";

const KEY = "some-record";
const rules = { windowMs: 300_000 };
/** Numbered as a ledger numbers them, one event after the other, each incident's opening first. */
const numbered = (events: readonly IncidentEvent[]): readonly AppliedEvent[] => {
  const seen = new Set<string>();
  return events
    .filter(({ id }) => !seen.has(id) && seen.add(id))
    .map((event, i) => ({ ...event, applied: { [KEY]: i + 1 } }));
};

test("a record without an incident equals one where that incident never happened", () => {
  fc.assert(
    fc.property(historyArbitrary("PA"), historyArbitrary("PB"), fc.nat(), (own, others, cut) => {
      const events = numbered([...others, ...own]);
      const version = events.length === 0 ? 0 : cut % (events.length + 1);
      const record = recordAsOf(KEY, version, events, rules);
      const mine = events.filter(({ incident }) => incident === "PA");
      const theirs = numbered(events.filter(({ incident }, i) => incident !== "PA" && i < version));
      const never = recordAsOf(KEY, theirs.length, theirs, rules);
      const at = Math.max(0, ...events.map(({ occurredAt }) => occurredAt)) + 1;
      expect(tallyOf([withoutIncident(KEY, record, mine, rules)], at)).toEqual(tallyOf([never], at));
      expect(withoutIncident("another", record, mine, rules)).toEqual(record);
    }),
  );
});
