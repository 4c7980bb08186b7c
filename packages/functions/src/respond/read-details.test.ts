import { PagerDutyError } from "@mrdata/pagerduty";
import { createDiscreteClock } from "@mrdata/simulator";
import { expect, test } from "vitest";
import { DETAILS_TIMEOUT_MS, readDetails } from "./read-details.ts";

const columns = { numbers: ["load", "code", "slow"], texts: ["region", "code"] };
type Alerts = readonly Readonly<Record<string, unknown>>[];

/** Reads with a PagerDuty that answers so; also how long it took and what was logged. */
async function reading(answer: ((clock: { sleep(ms: number): Promise<void> }) => Promise<Alerts>) | null) {
  const clock = createDiscreteClock(0);
  const logged: unknown[] = [];
  let asked = 0;
  let done = false;
  const work = readDetails("Q1", columns, {
    pager:
      answer === null
        ? null
        : {
            listAlertDetails: () => {
              asked++;
              return answer(clock);
            },
          },
    clock,
    log: (entry) => logged.push(entry),
  }).finally(() => {
    done = true;
  });
  await clock.run(() => done);
  return { details: await work, took: clock.now(), logged, asked };
}

test("reads from the first alert what the predictor uses: numbers unchanged, texts as keys, a code as both", async () => {
  const { details, took, logged } = await reading(async () => [
    { load: 0.5, code: 503, region: "north", slow: true, other: "x", nested: { a: 1 } },
    { load: 0.9, region: "south" },
  ]);
  expect(details).toEqual({
    numbers: { load: 0.5, code: 503, slow: 1 },
    texts: { region: "north", code: 503 },
  });
  expect({ took, logged }).toEqual({ took: 0, logged: [] });
});

test("an incident without alerts, or alerts that say nothing of it, leave it missing", async () => {
  expect((await reading(async () => [])).details).toEqual({ numbers: {}, texts: {} });
  expect((await reading(async () => [{ unrelated: 1, load: null }])).details).toEqual({
    numbers: {},
    texts: {},
  });
});

test("what does not arrive within 500 ms is missing, and nobody waits longer", async () => {
  const { details, took, logged } = await reading(async (clock) => {
    await clock.sleep(10 * DETAILS_TIMEOUT_MS);
    return [{ load: 1 }];
  });
  expect(details).toEqual({ numbers: {}, texts: {} });
  expect(took).toBe(500);
  expect(logged).toEqual([
    expect.objectContaining({ event: "details.missing", incident: "Q1", reason: "no answer within 500 ms" }),
  ]);
  const justInTime = await reading(async (clock) => {
    await clock.sleep(DETAILS_TIMEOUT_MS - 1);
    return [{ load: 1 }];
  });
  expect(justInTime.details.numbers).toEqual({ load: 1 });
});

test("a PagerDuty that refuses or is not configured leaves it missing", async () => {
  const { details, logged } = await reading(async () => {
    throw new PagerDutyError("GET /incidents/Q1/alerts", 500, null, []);
  });
  expect(details).toEqual({ numbers: {}, texts: {} });
  expect(logged).toHaveLength(1);
  expect(await reading(null)).toMatchObject({ details: { numbers: {}, texts: {} }, logged: [] });
});

test("a predictor that uses no details makes no request", async () => {
  const clock = createDiscreteClock(0);
  const pager = {
    listAlertDetails: async () => {
      throw new Error("nobody is to ask");
    },
  };
  const read = await readDetails("Q1", { numbers: [], texts: [] }, { pager, clock, log: () => {} });
  expect(read).toEqual({ numbers: {}, texts: {} });
});
