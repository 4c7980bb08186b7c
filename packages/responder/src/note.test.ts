import { expect, test } from "vitest";
import { decide } from "./decide.ts";
import { noteOf } from "./note.ts";
import { holdable, NOW, rules } from "./observation.fixture.ts";

const reasons = [
  "What speaks for it: the share of this alert's incidents that resolved themselves in the last weeks is 93 %; how long this alert's incidents usually lasted in the last weeks: 2 min.",
];
const decided = (change: Parameters<typeof holdable>[0] = {}) => {
  const circumstances = holdable(change);
  const forecast = { ...circumstances.forecast, reasons };
  return decide(
    { ...circumstances, forecast },
    { asOf: { records: {}, organisation: circumstances.observation.organisation, at: NOW } },
  );
};
const { forecast } = holdable();

test("the note on a hold says how sure, why, until when, how to page now and how to say that it was wrong", () => {
  expect(noteOf(decided({ forecast: { ...forecast, probability: 0.934 } }))).toMatchInlineSnapshot(`
    "Mr Data: likely to resolve itself (93 %).
    What speaks for it:
    - the share of this alert's incidents that resolved themselves in the last weeks is 93 %
    - how long this alert's incidents usually lasted in the last weeks: 2 min
    This alert has been seen 9 times, and by its past at least 95 % of its like resolve themselves.
    Held until 22:05:00 UTC, then PagerDuty escalates by itself. To page now: escalate the incident, or add the note 'mrdata: real'.
    Wrong? 'mrdata: never hold this' pages too, and holds this alert no more."
  `);
});

test("the deadline is given in the time zone of the bot's hours", () => {
  expect(noteOf(decided(), "Europe/Berlin")).toContain("Held until 23:05:00 (Europe/Berlin), then");
});

test("the note on a page says why not, and the probability once", () => {
  const note = noteOf(decided({ forecast: { ...forecast, probability: 0.62 } }));
  expect(note).toMatchInlineSnapshot(`
    "Mr Data: paged at once. Not likely enough to resolve itself: 62 % against the 80 % that a hold takes.
    What speaks for it:
    - the share of this alert's incidents that resolved themselves in the last weeks is 93 %
    - how long this alert's incidents usually lasted in the last weeks: 2 min
    Wrong? Add the note 'mrdata: real', 'mrdata: noise' or 'mrdata: never hold this'."
  `);
  expect(note.match(/62 %/g)).toHaveLength(1);
});

test("a guard rail's objection comes before the probability, and in annotate mode the note says what would have happened", () => {
  expect(
    noteOf(decided({ touchedByPerson: true, settings: { ...rules, mode: "annotate" } })),
  ).toMatchInlineSnapshot(`
    "Mr Data: would page at once. A person opened this incident or has touched it.
    98 % likely to resolve itself.
    What speaks for it:
    - the share of this alert's incidents that resolved themselves in the last weeks is 93 %
    - how long this alert's incidents usually lasted in the last weeks: 2 min
    Wrong? Add the note 'mrdata: real', 'mrdata: noise' or 'mrdata: never hold this'."
  `);
});

test("it is short, whatever the reasons", () => {
  for (const change of [{}, { touchedByPerson: true }, { settings: null }])
    expect(noteOf(decided(change)).length).toBeLessThan(600);
});
