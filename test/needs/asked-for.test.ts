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
  digestManifest,
  learnManifest,
  probeManifest,
  receiveManifest,
  recordManifest,
  reportManifest,
  respondManifest,
  retrainManifest,
  sweepManifest,
  usualSpec,
} from "@mrdata/functions";
import { probeBody, signBody } from "@mrdata/pagerduty";
import {
  accessOf,
  type Bus,
  createLedger,
  defaultSettings,
  type Ledger,
  ledgerCapabilities,
  type ModelStore,
  memoryResults,
  type Secrets,
  systemClock,
  trainingReads,
  writePushEnvelope,
} from "@mrdata/platform";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import {
  type BuildContext,
  type Handler,
  type Manifest,
  NeedMissingError,
  portsFor,
  readEnvironment,
} from "@mrdata/runtime";
import { describe, expect, test } from "vitest";
import { jumpingClock } from "../support/jumping-clock.ts";
import { holdingOn, sureVersion } from "../support/sure-version.ts";
import { modelsOf } from "../support/trained-version.ts";
import { bytesOf, webhook } from "../support/webhooks.ts";

const SECRET = "signing-secret";
const PROBE_SECRET = "probe-secret";
/** Whether a call of the ledger reads or writes; nothing for `close`, and for what is no call. Trainings have calls of their own. */
const accessByCall = new Map<string, "read" | "write">(
  Object.values(ledgerCapabilities).flatMap(({ reads, writes }) => [
    ...reads.map((call): [string, "read"] => [call, "read"]),
    ...writes.map((call): [string, "write"] => [call, "write"]),
  ]),
);

/** What opens is held by it, and so the endpoint is asked. */
const version = sureVersion(Date.now());

/** A backend that notes, as needs, what is asked of it. Paging fails, so that failures are noted too. */
function listeningBackend() {
  const used = new Set<string>();
  const ledger = createLedger(openEmbeddedStore({ file: ":memory:" }));
  const watched = new Proxy(ledger, {
    get(target, name: keyof Ledger) {
      if (name === "training")
        return new Proxy(target.training, {
          get(training, call: keyof Ledger["training"]) {
            const isRead = trainingReads.some((read) => read === call);
            used.add(`ledger: ${isRead ? "read" : "write"}`);
            return training[call];
          },
        });
      const access = accessByCall.get(name);
      if (access !== undefined) used.add(`ledger: ${access}`);
      return target[name];
    },
  });
  const bus: Bus = {
    async publish(topic) {
      used.add(`publish: ${topic}`);
      return { messageId: "1" };
    },
  };
  const secrets: Secrets = {
    get(name) {
      used.add(`secret: ${name}`);
      return {
        "webhook-secret": SECRET,
        "pagerduty-token": "token",
        "probe-secret": PROBE_SECRET,
        "digest-webhook": "https://hooks.example.com/x",
      }[name];
    },
  };
  const models: ModelStore = {
    ...modelsOf({}),
    async read(_, file) {
      used.add("model: read");
      return version.get(file) ?? null;
    },
  };
  const context: BuildContext = {
    environment: readEnvironment({
      MRDATA_TARGET: "local:.",
      MRDATA_RETRAIN: "schedule",
      MRDATA_BOT_USER: "PBOT001",
      MRDATA_WEBHOOK_URL: "https://mrdata-receive.example/",
    }),
    backend: {
      bus: async () => bus,
      ledger: async () => watched,
      secrets: async () => secrets,
      models: async () => models,
      results: async () => ({
        ...memoryResults(),
        async write() {
          used.add("model: write");
          return true;
        },
      }),
      endpoint: async () => ({
        async ask() {
          used.add("endpoint: predict");
          return { kind: "away", reason: "there is none" };
        },
      }),
      history: async () => ({
        async list() {
          used.add("history: read");
          return [];
        },
        async read() {
          used.add("history: read");
          return null;
        },
      }),
    },
    clock: systemClock,
    log: () => {},
    fetch: async () => Response.json({}, { status: 404 }),
  };
  const prepared = Promise.all([ledger.promote("v1"), ledger.saveSettings(holdingOn("PSVC001", "PPOLICY"))]);
  return { used, context, prepared };
}

const linesOf = ({ needs }: Manifest): readonly string[] =>
  needs
    .flatMap((need) =>
      "ledger" in need
        ? `ledger: ${accessOf(need.ledger)}`
        : Object.entries(need).map(([name, value]) => `${name}: ${value}`),
    )
    .sort();

/** Who writes may read, too. */
const askedFor = (used: ReadonlySet<string>): readonly string[] =>
  [...used].filter((line) => !line.endsWith(": read") || !used.has(line.replace(/read$/, "write"))).sort();

const post = (handler: Handler, body: string | Buffer, headers: Record<string, string> = {}) =>
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
    publishTime: Date.now(),
    subscription: "s",
    deliveryAttempt: 1,
  });

describe("needs are one list", () => {
  const triggered = bytesOf(
    webhook({ type: "triggered", incident: "P1", at: Date.now(), assignees: ["PBOT001"] }),
  );
  const resolved = bytesOf(webhook({ type: "resolved", incident: "P1", at: Date.now() }));

  test("receive uses every need of its manifest, and nothing else", async () => {
    const { used, context } = listeningBackend();
    const receive = await buildReceive(context);
    await post(receive, triggered, { "x-pagerduty-signature": signBody(triggered, SECRET) });
    const probe = bytesOf(probeBody("PROBE1", Date.now()));
    await post(receive, probe, {
      "x-pagerduty-signature": signBody(probe, PROBE_SECRET),
      "x-mrdata-probe": "1",
    });
    expect(askedFor(used)).toEqual(linesOf(receiveManifest));
  });

  for (const [manifest, build] of [
    [respondManifest, buildRespond],
    [recordManifest, buildRecord],
  ] as const) {
    test(`${manifest.name} uses every need of its manifest, and nothing else`, async () => {
      const { used, context, prepared } = listeningBackend();
      await prepared;
      const handler = await build(context);
      await post(handler, pushed(triggered, "1"));
      await post(handler, pushed(resolved, "2"));
      await post(handler, pushed(Buffer.from("{"), "3"));
      expect(askedFor(used)).toEqual(linesOf(manifest));
    });
  }

  test("sweep uses every need of its manifest, and nothing else", async () => {
    const { used, context, prepared } = listeningBackend();
    await prepared;
    // At a quarter of an hour, for then the checks run.
    const sweep = await buildSweep({
      ...context,
      clock: jumpingClock(Date.parse("2026-03-02T22:15:00Z")),
    });
    await post(sweep, "");
    expect(askedFor(used)).toEqual(linesOf(sweepManifest));
  });

  test("probe uses every need of its manifest, and nothing else", async () => {
    const { used, context } = listeningBackend();
    await post(await buildProbe(context), "");
    expect(askedFor(used)).toEqual(linesOf(probeManifest));
  });

  test("retrain uses every need of its manifest, and nothing else", async () => {
    const { used, context, prepared } = listeningBackend();
    await prepared;
    await post(await buildRetrain(context), "");
    expect(askedFor(used)).toEqual(linesOf(retrainManifest));
  });

  test("learn uses every need of its manifest, and nothing else", async () => {
    const { used, context } = listeningBackend();
    const ledger = await context.backend.ledger?.();
    const { certificate } = defaultSettings;
    const spec = usualSpec({ now: Date.now(), windowMs: 300_000, budget: 0.1, certificate });
    await ledger?.training.startJob({ id: "job-1", kind: "train", spec }, Date.now());
    const files = [{ name: "a.csv", generation: "1", bytes: 1, writtenBy: null }];
    await ledger?.training.endTask("job-1", "files", { result: "list-1", files }, Date.now());
    used.clear();
    const learn = await buildLearn(context);
    const task = Buffer.from(JSON.stringify({ job: "job-1", task: "read-0" }));
    const file = Buffer.from(JSON.stringify({ job: "job-1", task: "import-0" }));
    expect((await post(learn, pushed(file, "3"))).status).toBe(204);
    expect((await post(learn, pushed(task, "1"))).status).toBe(204);
    await post(learn, pushed(Buffer.from("{"), "2"));
    expect(askedFor(used)).toEqual(linesOf(learnManifest));
  });

  test("report uses every need of its manifest, and nothing else: it reads, whatever is asked of it", async () => {
    const { used, context, prepared } = listeningBackend();
    await prepared;
    await (await context.backend.ledger?.())?.promote("v1");
    used.clear();
    const report = await buildReport(context);
    for (const path of ["", "incident/P1", "alarm/PSVC001:1", "nowhere"])
      await report(new Request(`http://function/${path}`));
    await post(report, triggered);
    expect(askedFor(used)).toEqual(linesOf(reportManifest));
  });

  test("digest uses every need of its manifest, and nothing else", async () => {
    const { used, context, prepared } = listeningBackend();
    await prepared;
    await post(await buildDigest(context), "");
    expect(askedFor(used)).toEqual(linesOf(digestManifest));
  });

  test("a function gets nothing that its manifest does not name", async () => {
    const { context } = listeningBackend();
    const receive = await portsFor(receiveManifest, context.backend);
    const message = { data: Buffer.from("x"), attributes: {}, orderingKey: "" };
    await expect(async () => receive.bus.publish("another-topic", message)).rejects.toThrow(NeedMissingError);
    await expect(async () => receive.secrets.get("pagerduty-token")).rejects.toThrow(
      "'secret: pagerduty-token', which is not among the needs",
    );
    // @ts-expect-error: it is granted none of the ledger
    await expect(async () => receive.ledger.settings()).rejects.toThrow(NeedMissingError);
    const record = await portsFor(recordManifest, context.backend);
    await expect(async () => record.secrets.get("webhook-secret")).rejects.toThrow(NeedMissingError);
    await expect(async () => record.models.versions()).rejects.toThrow(NeedMissingError);
    const reader = await portsFor(
      { ...recordManifest, needs: [{ ledger: { decisions: "read" } }] },
      context.backend,
    );
    expect(await reader.ledger.prediction("P1")).toBeNull();
    await expect(async () =>
      // @ts-expect-error: it is granted to read decisions, and no more
      reader.ledger.noteFailure("1", { reason: "", source: "", at: 0 }),
    ).rejects.toThrow("'ledger.operations: write'");
  });
});
