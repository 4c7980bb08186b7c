import {
  buildDigest,
  buildLearn,
  buildProbe,
  buildReceive,
  buildRecord,
  buildReport,
  buildRespond,
  buildRetrain,
  buildSweep,
  usualSpec,
} from "@mrdata/functions";
import { manifests } from "@mrdata/functions/manifests";
import { probeBody, signBody } from "@mrdata/pagerduty";
import {
  accessOf,
  createLedger,
  defaultSettings,
  type LedgerGrants,
  memoryResults,
  writePushEnvelope,
} from "@mrdata/platform";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import { type BuildContext, type Handler, type Manifest, type Need, readEnvironment } from "@mrdata/runtime";
import { describe, expect, test } from "vitest";
import { jumpingClock } from "../support/jumping-clock.ts";
import { holdingOn, sureVersion } from "../support/sure-version.ts";
import { modelsOf } from "../support/trained-version.ts";
import { bytesOf, webhook } from "../support/webhooks.ts";

const SECRET = "signing-secret";
const TOKEN = "pagerduty-token";
const PROBE_SECRET = "probe-secret";
const secretsByName = {
  "webhook-secret": SECRET,
  "pagerduty-token": TOKEN,
  "probe-secret": PROBE_SECRET,
  "digest-webhook": "https://hooks.example.com/x",
};
/** A quarter of an hour, for then sweep runs the checks. */
const NOW = Date.parse("2026-03-02T22:15:00Z");

const builders: Readonly<Record<string, (context: BuildContext) => Promise<Handler>>> = {
  receive: buildReceive,
  respond: buildRespond,
  record: buildRecord,
  sweep: buildSweep,
  retrain: buildRetrain,
  learn: (context) => buildLearn(context),
  report: (context) => buildReport(context),
  probe: buildProbe,
  digest: buildDigest,
};

const version = sureVersion(NOW - 86_400_000);

/** What a function did in the world, and which needs it was refused. */
type Day = { readonly effects: readonly string[]; readonly missing: ReadonlySet<string> };

/** A function's day: it is built, gets everything that can come to it, and all that it does is written down. */
async function dayOf({ name }: Manifest): Promise<Day> {
  const effects: string[] = [];
  const missing = new Set<string>();
  const ledger = createLedger(openEmbeddedStore({ file: ":memory:" }));
  await ledger.promote("v1");
  // What comes to the first service is paged, what comes to the second is held.
  const { services, ...settings } = holdingOn("PSVC002", "PPOLICY");
  const first = holdingOn("PSVC001", "PPOLICY").services;
  await ledger.saveSettings({
    ...settings,
    services: { ...services, ...first },
    neverHold: { ...settings.neverHold, services: ["PSVC001"] },
  });
  // Where a job runs, another would wait in line.
  if (name === "learn") {
    const { certificate } = defaultSettings;
    const spec = usualSpec({ now: NOW, windowMs: 300_000, budget: 0.1, certificate });
    await ledger.training.startJob({ id: "job-1", kind: "train", spec }, NOW);
    const files = [{ name: "a.csv", generation: "1", bytes: 1, writtenBy: null }];
    await ledger.training.endTask("job-1", "files", { result: "list-1", files }, NOW);
  }
  const context: BuildContext = {
    environment: readEnvironment({
      MRDATA_TARGET: "local:.",
      MRDATA_RETRAIN: "schedule",
      MRDATA_BOT_USER: "PBOT001",
      MRDATA_WEBHOOK_URL: "https://mrdata-receive.example/",
    }),
    backend: {
      bus: async () => ({
        async publish(topic) {
          effects.push(`published to ${topic}`);
          return { messageId: "1" };
        },
      }),
      ledger: async () => ledger,
      secrets: async () => ({ get: (secret) => secretsByName[secret] }),
      models: async () => ({
        ...modelsOf({ v1: version }),
        async read(wanted, file) {
          effects.push(`read ${file} of ${wanted}`);
          return version.get(file) ?? null;
        },
      }),
      results: async () => memoryResults(),
      endpoint: async () => ({
        async ask({ instance }) {
          effects.push(`asked the endpoint about ${instance.length} features`);
          return { kind: "away", reason: "there is none" };
        },
      }),
      history: async () => ({
        async list() {
          effects.push("listed the history files");
          return [];
        },
        async read({ name: file }) {
          effects.push(`read ${file}`);
          return null;
        },
      }),
    },
    // The sweep looks twice: nobody needs to wait for that here.
    clock: jumpingClock(NOW),
    log: (entry) => {
      if (entry.event === "need.missing") missing.add(String(entry.need));
    },
    fetch: async (input, init) => {
      const token = new Headers(init?.headers).get("authorization");
      effects.push(`asked ${new URL(String(input)).pathname.split("/")[1]} with ${token}`);
      return Response.json({}, { status: 404 });
    },
  };
  const build = builders[name];
  if (build === undefined) throw new Error(`no test tells what ${name} does in a day`);
  const handler = await build(context);
  const at = NOW - 1000;
  const triggered = bytesOf(webhook({ type: "triggered", incident: "P1", at, assignees: ["PBOT001"] }));
  const resolved = bytesOf(webhook({ type: "resolved", incident: "P1", at: NOW }));
  const held = bytesOf(
    webhook({ type: "triggered", incident: "P2", service: "PSVC002", at, assignees: ["PBOT001"] }),
  );
  const signed = { "x-pagerduty-signature": signBody(triggered, SECRET) };
  const probe = bytesOf(probeBody("PROBE1", NOW));
  for (const [body, headers] of [
    // First, while it is news: what is old is asked PagerDuty about, which is not there.
    [pushed(held, "6"), {}],
    [triggered, signed],
    [probe, { "x-pagerduty-signature": signBody(probe, PROBE_SECRET), "x-mrdata-probe": "1" }],
    [pushed(triggered, "1"), {}],
    [pushed(resolved, "2"), {}],
    [pushed(Buffer.from("{"), "3"), {}],
    [pushed(Buffer.from(JSON.stringify({ job: "job-1", task: "import-0" })), "4"), {}],
    [pushed(Buffer.from(JSON.stringify({ job: "job-1", task: "read-0" })), "5"), {}],
  ] as const) {
    const { status } = await post(handler, body, headers).catch(() => ({ status: 599 }));
    effects.push(`answered ${status}`);
  }
  // People ask with GET.
  const looked = await handler(new Request("http://function/")).catch(() => ({ status: 599 }));
  effects.push(`looked at ${looked.status}`);
  effects.push(`prediction ${JSON.stringify((await ledger.prediction("P1"))?.abstained)}`);
  effects.push(`incident ${(await ledger.incident("P1"))?.state.outcome}`);
  effects.push(`jobs ${JSON.stringify(await ledger.training.jobs({ limit: 5 }))}`);
  effects.push(`tasks ${JSON.stringify(await ledger.training.tasksOf("job-1"))}`);
  effects.push(`settings ${JSON.stringify(await ledger.settings())}`);
  effects.push(`failure ${(await ledger.failure("1")) === null}`);
  await ledger.close();
  return { effects: effects.toSorted(), missing };
}

const post = (handler: Handler, body: string | Buffer, headers: Readonly<Record<string, string>>) =>
  handler(
    new Request("http://function/", {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: new Uint8Array(Buffer.from(body)),
    }),
  );

const pushed = (data: Buffer, messageId: string) =>
  writePushEnvelope({
    data,
    messageId,
    attributes: {},
    orderingKey: "",
    publishTime: NOW,
    subscription: "s",
    deliveryAttempt: 1,
  });

const lineOf = (need: Need): string =>
  "ledger" in need
    ? `ledger: ${accessOf(need.ledger)}`
    : Object.entries(need)
        .map(([kind, value]) => `${kind}: ${value}`)
        .join();

/** A need as it was refused: by the name of one grant, where it is of the ledger. */
const isOf = (need: Need, missing: string): boolean =>
  "ledger" in need
    ? missing.startsWith("ledger.") && missing.endsWith(accessOf(need.ledger))
    : missing === lineOf(need);

/** Who may write the ledger may only read it; who may read it has nothing of it. */
const readingOnly = (grants: LedgerGrants): readonly Need[] =>
  accessOf(grants) === "read"
    ? []
    : [{ ledger: Object.fromEntries(Object.keys(grants).map((capability) => [capability, "read"])) }];

/** Puts what is left in place of a need in the one list that there is, while the work is done. */
async function withLess<T>(
  manifest: Manifest,
  need: Need,
  left: readonly Need[],
  work: () => Promise<T>,
): Promise<T> {
  const { needs } = manifest;
  Object.assign(manifest, { needs: [...needs.filter((one) => one !== need), ...left] });
  try {
    return await work();
  } finally {
    Object.assign(manifest, { needs });
  }
}

describe("needs are tight", () => {
  for (const manifest of manifests) {
    test(`${manifest.name} misses nothing`, async () => {
      const { missing } = await dayOf(manifest);
      expect([...missing]).toEqual([]);
    });
    for (const need of manifest.needs)
      test(`${manifest.name} fails without '${lineOf(need)}', and names it`, async () => {
        const whole = await dayOf(manifest);
        const left = "ledger" in need ? readingOnly(need.ledger) : [];
        const { effects, missing } = await withLess(manifest, need, left, () => dayOf(manifest));
        expect([...missing].some((one) => isOf(need, one))).toBe(true);
        expect(effects).not.toEqual(whole.effects);
      });
  }
});
