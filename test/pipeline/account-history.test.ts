import { type PastIncident, timeReader } from "@mrdata/incident";
import { countIncidents, createPagerDuty, pacedFetch, readAccount } from "@mrdata/pagerduty";
import { createDiscreteClock, createPagerDutyDouble, substream } from "@mrdata/simulator";
import { expect, test } from "vitest";
import { TOKEN } from "../simulation/simulated-bot.ts";
import { BOT, ROBIN, SERVICE, smallAccount } from "../simulation/small-account.ts";

const START = Date.parse("2026-03-02T03:00:00Z");
const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

function start(requestsPerMinute?: number) {
  const clock = createDiscreteClock(START);
  const account = smallAccount();
  const double = createPagerDutyDouble({
    clock,
    account: {
      ...account,
      services: account.services.map((service) => ({ ...service, autoResolveTimeout: 600 })),
    },
    random: substream(() => 0.5),
    ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
  });
  const statuses: number[] = [];
  const counting: typeof fetch = async (input, init) => {
    const response = await double.fetch(input, init);
    statuses.push(response.status);
    return response;
  };
  const client = createPagerDuty({
    auth: { kind: "token", token: async () => TOKEN },
    from: null,
    clock,
    fetch: pacedFetch(counting, clock),
    deadline: 10 * MINUTE,
  });
  const open = (key: string, details = {}) =>
    double.trigger({ serviceId: SERVICE, dedupKey: key, title: `Alarm ${key}`, details }).incident ?? "";
  const at = (minutes: number) => clock.run(START + minutes * MINUTE);
  /** Lets the clock go on until all is read. */
  const readAll = async (since: number, until: number): Promise<ReadonlyMap<string, PastIncident>> => {
    const read = new Map<string, PastIncident>();
    let done = false;
    const reading = (async () => {
      const options = { identity: { botUser: BOT.id }, time: timeReader(), autoResolveAfter: null };
      for await (const { incidents, bad } of readAccount(client, { since, until }, options)) {
        expect(bad).toEqual([]);
        for (const one of incidents) read.set(one.id, one);
      }
    })().finally(() => {
      done = true;
    });
    reading.catch(() => {});
    clock.schedule(clock.now() + DAY, () => {});
    await clock.run(() => done);
    await reading;
    return read;
  };
  return { clock, double, client, open, at, readAll, statuses };
}

test("an account's history tells the monitor, a person, PagerDuty's timer and a merge apart", async () => {
  const { double, open, at, readAll } = start();
  const cleared = open("cleared", { http_code: 503, region: "north" });
  const byPerson = open("person");
  const timedOut = open("timer");
  const [target, merged] = [open("target"), open("merged")];
  const raised = open("raised");
  const stillOpen = open("open");
  await at(2);
  double.clear({ serviceId: SERVICE, dedupKey: "cleared" });
  double.resolve(byPerson, ROBIN);
  double.merge(target, [merged], ROBIN);
  double.escalate(raised, ROBIN, 2);
  double.acknowledge(stillOpen, ROBIN);
  await at(3);
  double.clear({ serviceId: SERVICE, dedupKey: "raised" });
  await at(60);
  const read = await readAll(START, START + DAY);
  expect(read.get(cleared)).toMatchObject({
    service: SERVICE,
    title: "Alarm cleared",
    createdAt: START,
    resolvedAt: START + 2 * MINUTE,
    resolvedBy: "integration",
    takenOverAt: null,
    details: { http_code: 503, region: "north" },
  });
  expect(read.get(byPerson)?.resolvedBy).toBe("human");
  expect(read.get(timedOut)).toMatchObject({ resolvedBy: "automation", resolvedAt: START + 10 * MINUTE });
  expect(read.get(merged)).toMatchObject({ mergedInto: target });
  expect(read.get(raised)).toMatchObject({ resolvedBy: "integration", takenOverAt: START + 2 * MINUTE });
  expect(read.get(stillOpen)?.acknowledgedAt).toBe(START + 2 * MINUTE);
});

test("an import stays below the rate limit and leaves a part of it", async () => {
  const { open, at, client, double, readAll, statuses, clock } = start(20);
  for (let i = 0; i < 30; i++) {
    await at(i * 60);
    open(`k${i}`);
    await at(i * 60 + 2);
    double.clear({ serviceId: SERVICE, dedupKey: `k${i}` });
  }
  const before = clock.now();
  const read = await readAll(START - 400 * DAY, START + 2 * DAY);
  expect(read.size).toBe(30);
  expect(statuses.length).toBeGreaterThan(50);
  expect(new Set(statuses)).toEqual(new Set([200]));
  // A fifth of each minute's 20 requests was not taken.
  expect((clock.now() - before) / MINUTE).toBeGreaterThan(statuses.length / 17 - 2);
  // Six months are the most that PagerDuty answers for.
  let counted = 0;
  let done = false;
  const counting = countIncidents(client, { since: START - 400 * DAY, until: START + 2 * DAY })
    .then((count) => {
      counted = count;
    })
    .finally(() => {
      done = true;
    });
  await clock.run(() => done);
  await counting;
  expect(counted).toBe(30);
});
