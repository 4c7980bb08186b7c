import type { PastIncident } from "@mrdata/incident";
import {
  componentColumns,
  featureTable,
  fitTitleComponents,
  readVersion,
  replayHistory,
  rowOf,
  titleWordsOf,
  type VersionFile,
  writeVersion,
} from "@mrdata/learning";
import { type Send, webhookBody } from "@mrdata/pagerduty";
import { type ModelStore, writePushEnvelope } from "@mrdata/platform";
import { learnedPredictor, type Predictor, ratePredictor } from "@mrdata/responder";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSimulation, type Simulation } from "../simulation/simulated-bot.ts";
import { BOT, smallAccount } from "../simulation/small-account.ts";
import { rateCertificate } from "../support/certified-rate.ts";
import { replayed } from "../support/replayed.ts";
import { modelsOf, someVersion } from "../support/trained-version.ts";
import { MONITOR, PERSON } from "../support/webhooks.ts";

const MINUTE = 60_000;
const WINDOW = 5 * MINUTE;
const START = Date.parse("2026-03-01T00:00:00Z");

const titles = ["Disk 91% full on db-3", "Disk 7% full on db-9", "Checkout answers 503"];

/** One incident: when it opens, how long it lasts, and whether a person acknowledges it first. */
const incidents = fc.array(
  fc.record({
    opened: fc.integer({ min: 0, max: 3 * 24 * 60 }),
    minutes: fc.integer({ min: 0, max: 12 }),
    title: fc.constantFrom(...titles),
    acknowledged: fc.boolean(),
  }),
  { minLength: 5, maxLength: 25 },
);
type Incidents = typeof incidents extends fc.Arbitrary<infer T> ? T : never;

type Message = { readonly at: number; readonly id: string; readonly body: object };

function messagesOf(list: Incidents): readonly Message[] {
  return list.flatMap(({ opened, minutes, title, acknowledged }, i) => {
    const incident = `PINC${i}`;
    const openedAt = START + opened * MINUTE;
    const message = (type: string, at: number, agent: typeof MONITOR): Message => ({
      at,
      id: `${incident}-${type}`,
      body: webhookBody({
        id: `${incident}-${type}`,
        eventType: `incident.${type}`,
        occurredAt: at,
        agent,
        incident: {
          id: incident,
          number: i,
          title,
          status: type === "resolved" ? "resolved" : "triggered",
          serviceId: "PDATABASE",
          serviceName: "Database",
          urgency: "high",
          priority: null,
          assignees: [{ id: PERSON.id, summary: PERSON.summary }],
          escalationPolicy: { id: "PPOLICY", summary: "Default" },
          createdAt: openedAt,
          incidentKey: null,
        },
      }),
    });
    const closedAt = openedAt + minutes * MINUTE;
    return [
      message("triggered", openedAt, MONITOR),
      ...(acknowledged ? [message("acknowledged", openedAt + 1, PERSON)] : []),
      message("resolved", closedAt, MONITOR),
    ];
  });
}

const push = (handler: Simulation["handlers"]["respond"], { id, body }: Message) =>
  handler(
    new Request("http://function/", {
      method: "POST",
      body: writePushEnvelope({
        messageId: id,
        data: Buffer.from(JSON.stringify(body)),
        attributes: {},
        orderingKey: "",
        publishTime: START,
        subscription: "s",
        deliveryAttempt: 1,
      }),
    }),
  );

/** PagerDuty's alerts of the incidents: where each comes from and how loaded it is. */
const alertDetails = (i: number) => ({
  region: i % 2 === 0 ? "north" : "south",
  load: i / 10,
  trace: `t${i}`,
});
const withAlerts =
  (next: Send): Send =>
  async (url, request) => {
    const id = /\/incidents\/PINC(\d+)\/alerts/.exec(url)?.[1];
    if (id === undefined) return next(url, request);
    const body = { type: "alert_body", details: alertDetails(Number(id)) };
    return Response.json({ alerts: [{ id: `PALERT${id}`, body }] });
  };

async function holds(predictor: Predictor, models: ModelStore | null): Promise<void> {
  await fc.assert(
    fc.asyncProperty(
      incidents,
      fc.array(fc.nat(), { minLength: 200, maxLength: 200 }),
      async (list, order) => {
        const simulation = await createSimulation({
          account: smallAccount(),
          bot: BOT,
          fallbackPolicy: null,
          start: START + 4 * 24 * 60 * MINUTE,
          fetch: withAlerts,
          ...(models === null ? {} : { models }),
        });
        try {
          if (models !== null) await simulation.ledger.promote(predictor.version);
          const { respond, record } = simulation.handlers;
          const messages = messagesOf(list);
          // Every message to both functions, in an order of chance, up to five under way at a time.
          const work = messages
            .flatMap((message) => [() => push(respond, message), () => push(record, message)])
            .map((run, i) => ({ run, place: order[i % order.length] ?? 0 }))
            .toSorted((a, b) => a.place - b.place);
          for (let i = 0; i < work.length; i += 5)
            await Promise.all(work.slice(i, i + 5).map(({ run }) => run()));

          const known = await Promise.all(list.map((_, i) => simulation.ledger.incident(`PINC${i}`)));
          const events = known.flatMap((one) => one?.events ?? []);
          for (const [i, { title }] of list.entries()) {
            const prediction = await simulation.ledger.prediction(`PINC${i}`);
            if (prediction === null) throw new Error(`no prediction of PINC${i}`);
            expect(prediction.model).toBe(predictor.version);
            const again = replayed({ predictor, prediction, title, events, windowMs: WINDOW });
            expect(again.features).toStrictEqual(prediction.features);
            expect(again.probability).toBe(prediction.probability);
          }
        } finally {
          await simulation.close();
        }
      },
    ),
    { numRuns: 15 },
  );
}

describe("features that the pipeline stored are had again bit for bit from the events up to `asOf`, however respond and record raced (invariant 7)", () => {
  test("of the alert type's own rate", () => holds(ratePredictor(WINDOW, rateCertificate), null));

  test("of a learned model, with details from the alerts", async () => {
    const files = await someVersion(START);
    const version = await readVersion(async (file) => files.get(file) ?? null);
    expect(version.details).toEqual({ numbers: ["load"], texts: ["region"] });
    await holds(learnedPredictor("v1", version), modelsOf({ v1: files }));
  });
});

/** The same incidents as training reads them from a history. */
const pastOf = (list: Incidents): readonly PastIncident[] =>
  list.map(({ opened, minutes, title, acknowledged }, i) => {
    const createdAt = START + opened * MINUTE;
    return {
      id: `PINC${i}`,
      service: "PDATABASE",
      title,
      createdAt,
      resolvedAt: createdAt + minutes * MINUTE,
      resolvedBy: "integration",
      acknowledgedAt: acknowledged ? createdAt + 1 : null,
      takenOverAt: null,
      mergedInto: null,
      urgency: "high",
      details: alertDetails(i),
    };
  });

/** A version that also looks at components of its titles. */
async function withComponents(
  files: ReadonlyMap<VersionFile, Uint8Array>,
): Promise<ReadonlyMap<VersionFile, Uint8Array>> {
  const version = await readVersion(async (file) => files.get(file) ?? null);
  const words = titleWordsOf(titles.map((title) => ({ title })));
  const titleComponents = fitTitleComponents(words, Int32Array.from(titles.keys()), 4);
  const details = { ...version.details, components: titleComponents.map(() => "disk, full") };
  const model = { ...version.model, features: featureTable(details).length };
  return writeVersion({ ...version, details, model, titleComponents }, () => "");
}

test("features that training makes of a history are those that serving stored when everything came in its order (invariant 7)", async () => {
  const files = await withComponents(await someVersion(START));
  const { details, titleComponents = [] } = await readVersion(async (file) => files.get(file) ?? null);
  expect(titleComponents.length).toBeGreaterThan(0);
  const names = featureTable(details).map(({ name }) => name);
  await fc.assert(
    fc.asyncProperty(incidents, async (drawn) => {
      // One incident a minute: what opens within one second shares the organisation's counts while serving.
      // At one moment what closes an older incident comes before the opening of a younger one, as in training.
      const list = [...new Map(drawn.map((one) => [one.opened, one])).values()].toSorted(
        (a, b) => a.opened - b.opened,
      );
      const simulation = await createSimulation({
        account: smallAccount(),
        bot: BOT,
        fallbackPolicy: null,
        start: START + 4 * 24 * 60 * MINUTE,
        fetch: withAlerts,
        models: modelsOf({ v1: files }),
      });
      try {
        await simulation.ledger.promote("v1");
        const { respond, record } = simulation.handlers;
        for (const message of messagesOf(list).toSorted((a, b) => a.at - b.at)) {
          await push(respond, message);
          await push(record, message);
        }
        const replay = replayHistory(pastOf(list), WINDOW, details);
        const words = componentColumns(titleComponents, titleWordsOf(replay.incidents));
        for (const [place, { id }] of replay.incidents.entries()) {
          const row = rowOf(replay, place);
          // A replay has no components of its own: they are the version's, and come last.
          row.set(
            words.map((column) => column[place] ?? Number.NaN),
            row.length - words.length,
          );
          const trained = Object.fromEntries(
            names.map((name, k) => [name, Number.isNaN(row[k]) ? null : (row[k] ?? null)]),
          );
          expect((await simulation.ledger.prediction(id))?.features).toStrictEqual(trained);
        }
      } finally {
        await simulation.close();
      }
    }),
    { numRuns: 8 },
  );
});

test("an incident is no part of its own past: recorded before it is decided on, or after, it is predicted from the same (invariant 7)", async () => {
  const files = await someVersion(START);
  const models = modelsOf({ v1: files });
  const lived = async (list: Incidents, recordFirst: boolean) => {
    const simulation = await createSimulation({
      account: smallAccount(),
      bot: BOT,
      fallbackPolicy: null,
      start: START + 4 * 24 * 60 * MINUTE,
      fetch: withAlerts,
      models,
    });
    try {
      await simulation.ledger.promote("v1");
      const { respond, record } = simulation.handlers;
      const both = recordFirst ? [record, respond] : [respond, record];
      for (const message of messagesOf(list).toSorted((a, b) => a.at - b.at))
        for (const handler of both) await push(handler, message);
      return await Promise.all(
        list.map(async (_, i) => {
          const features = (await simulation.ledger.prediction(`PINC${i}`))?.features ?? {};
          // Further back the record's own age decides how finely it still tells the time.
          return Object.entries(features).filter(([name]) => /\.(seen|rateEver|open|opened1h)$/u.test(name));
        }),
      );
    } finally {
      await simulation.close();
    }
  };
  await fc.assert(
    fc.asyncProperty(incidents, async (drawn) => {
      const list = [...new Map(drawn.map((one) => [one.opened, one])).values()].toSorted(
        (a, b) => a.opened - b.opened,
      );
      const before = await lived(list, true);
      expect(before.every((features) => features.length > 0)).toBe(true);
      expect(before).toStrictEqual(await lived(list, false));
    }),
    { numRuns: 5 },
  );
});
