import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildRespond } from "@mrdata/functions";
import { type IncidentEvent, pastOf, subjectsOf, timelineOf } from "@mrdata/incident";
import { probabilityOf, readVersion, trainVersion, usualRule, writeVersion } from "@mrdata/learning";
import {
  allIndexes,
  createLedger,
  defaultSettings,
  type Ledger,
  systemClock,
  writePushEnvelope,
} from "@mrdata/platform";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import {
  type Circumstances,
  decide,
  learnedPredictor,
  noteOf,
  type Observation,
  type Predictor,
} from "@mrdata/responder";
import { type BuildContext, readEnvironment } from "@mrdata/runtime";
import { createOrganisation, historyOf } from "@mrdata/simulator";
import { modelsOf } from "../support/trained-version.ts";
import { webhook } from "../support/webhooks.ts";
import { aside, atMost, type Figure, quantile } from "./figure.ts";

const DAY = 86_400_000;
const WINDOW = 300_000;
const SEED = 1;
const COUNT = 1_000;
const WARM = 200;

type Prepared = {
  readonly ledger: Ledger;
  readonly predictor: Predictor;
  /** What the same version answers as a challenger. */
  readonly challenger: ReturnType<typeof probabilityOf>;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly history: readonly IncidentEvent[];
  readonly now: number;
};

/** An embedded ledger on disk with a month of an organisation's past in it, and a version that was trained on that. */
async function withMonth<T>(work: (prepared: Prepared) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "mrdata-bench-"));
  const ledger = createLedger(openEmbeddedStore({ file: join(folder, "ledger.db"), indexes: allIndexes }));
  try {
    const now = Date.now();
    const from = now - 30 * DAY;
    const organisation = createOrganisation({ seed: SEED, from, to: now, bot: null });
    const history = await historyOf(organisation, { seed: SEED, from, to: now });
    for (const event of history) await ledger.recordEvent(event, { windowMs: WINDOW });
    const past = [...Map.groupBy(history, ({ incident }) => incident).values()].flatMap(
      (events) => pastOf(timelineOf(events)) ?? [],
    );
    const trained = await trainVersion(past, {
      windowMs: WINDOW,
      refits: 2,
      seed: SEED,
      rule: usualRule,
      now,
    });
    const files = await writeVersion(trained, () => "<!doctype html>");
    await ledger.promote("v1");
    const version = await readVersion(async (file) => files.get(file) ?? null);
    return await work({
      ledger,
      files,
      history,
      now,
      predictor: learnedPredictor("v1", version),
      challenger: probabilityOf(version),
    });
  } finally {
    await ledger.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const openings = (history: readonly IncidentEvent[]) =>
  history.flatMap(({ type, snapshot }) => (type === "triggered" && snapshot !== null ? [snapshot] : []));

/** From the message at `respond` to the stored decision, with the learned model and the embedded ledger. */
export async function benchRespondLatency(): Promise<readonly Figure[]> {
  const took: number[] = [];
  await withMonth(async ({ ledger, files, history }) => {
    let stored = 0;
    const respond = await buildRespond(
      contextOf(ledger, files, (event) => {
        if (event === "prediction.stored") stored = performance.now();
      }),
    );
    const alarms = openings(history);
    for (let i = 0; i < WARM + COUNT; i++) {
      const { service = "", title = "" } = alarms[i % alarms.length] ?? {};
      const request = new Request("http://function/", {
        method: "POST",
        body: envelopeOf(
          webhook({ type: "triggered", incident: `PB${i}`, at: Date.now(), service, title }),
          i,
        ),
      });
      const started = performance.now();
      const { status } = await respond(request);
      if (status !== 204) throw new Error(`respond answered ${status}`);
      if (i >= WARM) took.push(stored - started);
    }
  });
  return [
    atMost("respond.latency", quantile(took, 0.5), "ms p50", 5),
    atMost("respond.latency.p99", quantile(took, 0.99), "ms p99", 20),
    aside("respond.latency.count", took.length, "decisions"),
  ];
}

/** Features, model, guard rails and explanation of one decision, from the records as the ledger gave them. */
export async function benchRespondCompute(): Promise<readonly Figure[]> {
  const { took, added } = await withMonth(async ({ ledger, predictor, challenger, history, now }) => {
    const cases: Circumstances[] = [];
    for (const { service, title } of openings(history).slice(-WARM)) {
      const [alertType, serviceRecords, finest, general, words] = await ledger.trackRecords(
        subjectsOf(service, title),
        WINDOW,
      );
      const observation: Observation = {
        incident: `PB${cases.length}`,
        service,
        title,
        urgency: "high",
        priority: null,
        openedAt: now,
        alertTypeRecords: alertType?.records ?? [],
        serviceRecords: serviceRecords?.records ?? [],
        nameRecords: [finest?.records ?? [], general?.records ?? [], words?.records ?? []],
        textRecords: {},
        texts: {},
        numbers: {},
        organisation: await ledger.organisationCounts(now),
      };
      cases.push(circumstancesOf(observation, predictor, now));
    }
    const times: number[] = [];
    const added: number[] = [];
    for (let i = 0; i < 5 * COUNT; i++) {
      const one = cases[i % cases.length];
      if (one === undefined) throw new Error("there is no past to decide by");
      const started = performance.now();
      const forecast = predictor.predict(one.observation);
      const asOf = { records: {}, organisation: one.observation.organisation, at: now };
      noteOf(decide({ ...one, forecast }, { asOf }));
      const decided = performance.now();
      challenger(forecast.features, one.observation);
      const asked = performance.now();
      if (i < COUNT) continue;
      times.push(decided - started);
      added.push(asked - decided);
    }
    return { took: times, added };
  });
  return [
    atMost("respond.compute", quantile(took, 0.5), "ms p50", 0.3),
    aside("respond.compute.p99", quantile(took, 0.99), "ms p99"),
    atMost(
      "respond.compute.challenger",
      quantile(added, 0.5) / quantile(took, 0.5),
      "more for the challenger beside the champion",
      0.15,
    ),
  ];
}

const circumstancesOf = (observation: Observation, predictor: Predictor, now: number): Circumstances => ({
  observation,
  predictor,
  forecast: { features: {}, probability: null, abstained: null, reasons: [], outside: [] },
  settings: { ...defaultSettings, mode: "armed", policy: "PPOLICY" },
  windowMs: WINDOW,
  now,
  touchedByPerson: false,
  escalationPolicy: "PPOLICY",
  waitsOnBot: true,
  alertType: "a",
  names: ["a", "a", "a"],
  held: { alertType: 0, service: 0, ranOut: 0, onService: 0, anywhere: 0 },
  opened: 1,
  feedback: { hold: null },
  misses: { services: ["PSVC001"], misses: 0, neededHuman: 10, trail: [] },
  unknownChecks: [],
});

const envelopeOf = (payload: object, i: number): string =>
  writePushEnvelope({
    messageId: String(i),
    data: Buffer.from(JSON.stringify(payload)),
    attributes: {},
    orderingKey: "",
    publishTime: Date.now(),
    subscription: "pd-notify-model",
    deliveryAttempt: 1,
  });

/** Without a PagerDuty key: how long PagerDuty takes to answer is not ours to measure. */
const contextOf = (
  ledger: Ledger,
  files: ReadonlyMap<string, Uint8Array>,
  onEvent: (event: string) => void,
): BuildContext => ({
  environment: readEnvironment({ MRDATA_TARGET: "local:.", MRDATA_WINDOW: "5m", MRDATA_BOT_USER: "PBOT" }),
  backend: {
    bus: async () => ({ publish: async () => ({ messageId: "1" }) }),
    ledger: async () => ledger,
    secrets: async () => ({ get: () => null }),
    endpoint: async () => null,
    models: async () => modelsOf({ v1: files }),
  },
  clock: systemClock,
  log: ({ event }) => onEvent(event),
});
