import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DEAD_TOPIC,
  LEDGER_SUBSCRIPTION,
  MODEL_SUBSCRIPTION,
  subscriptionsOf,
  TOPIC,
} from "@mrdata/functions";
import { neededEvents, signBody } from "@mrdata/pagerduty";
import { createLedger } from "@mrdata/platform";
import { openGoogleBus, openGoogleStore } from "@mrdata/platform/google";
import { expect, inject, onTestFinished, test } from "vitest";
import { PATIENCE_MS } from "../emulators/patience.ts";
import { pubsubAdmin } from "../emulators/pubsub-admin.ts";
import { TOKEN } from "../simulation/simulated-bot.ts";
import { ARMED_POLICY, BOT, FALLBACK_POLICY, SERVICE, smallAccount } from "../simulation/small-account.ts";
import { bundledFunctions } from "../support/bundled.ts";
import { startFunction } from "../support/function-process.ts";
import { livePagerDuty } from "../support/live-pagerduty.ts";
import { jsonLines, mrdata } from "../support/mrdata.ts";
import { bytesOf, webhook } from "../support/webhooks.ts";

const SECRET = "secret-of-the-emulator-test";
const emulators = inject("emulators");

test("on Google's emulators the archives take signed webhooks through to Firestore, and `mrdata explain` reads it there", async (context) => {
  if (!emulators.available) {
    context.skip(`${emulators.reason}; to have it run: ${emulators.command}`);
    return;
  }
  const { pubsubHost, firestoreHost } = emulators;
  const project = `test-${randomUUID().slice(0, 18)}`;
  const folder = mkdtempSync(join(tmpdir(), "mrdata-emulators-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const env = {
    MRDATA_TARGET: `gcp:${project}/(default)`,
    MRDATA_WEBHOOK_SECRET: SECRET,
    PUBSUB_EMULATOR_HOST: pubsubHost,
    FIRESTORE_EMULATOR_HOST: firestoreHost,
  };
  const urlOf = new Map<string, string>();
  for (const [name, archive] of await bundledFunctions()) {
    const started = await startFunction(archive, name, env);
    onTestFinished(() => started.stop());
    urlOf.set(name, started.url);
  }
  const admin = pubsubAdmin(pubsubHost, project);
  for (const topic of [TOPIC, DEAD_TOPIC]) await admin.topic(topic);
  await admin.pullSubscription("pd-notify-dead-read", DEAD_TOPIC);
  const endpoints: Readonly<Record<string, string | undefined>> = {
    [MODEL_SUBSCRIPTION]: urlOf.get("respond"),
    [LEDGER_SUBSCRIPTION]: urlOf.get("record"),
  };
  for (const subscription of subscriptionsOf("")) {
    await admin.pushSubscription({ ...subscription, pushEndpoint: `${endpoints[subscription.name]}/` });
    onTestFinished(() => admin.deleteSubscription(subscription.name));
  }
  const store = openGoogleStore({
    project,
    database: "(default)",
    host: firestoreHost,
    timeout: PATIENCE_MS,
    transactionTimeout: PATIENCE_MS,
  });
  const ledger = createLedger(store);
  onTestFinished(() => ledger.close());
  const bus = openGoogleBus({ project, host: pubsubHost, timeout: PATIENCE_MS });
  onTestFinished(() => bus.close());

  const at = Date.now() - 3_600_000;
  const send = async (body: Buffer, signature = signBody(body, SECRET)) => {
    const headers = { "content-type": "application/json", "x-pagerduty-signature": signature };
    const url = urlOf.get("receive") ?? "";
    return (await fetch(url, { method: "POST", headers, body: new Uint8Array(body) })).status;
  };
  const opened = bytesOf(webhook({ type: "triggered", incident: "PINC001", at }));
  const closed = bytesOf(webhook({ type: "resolved", incident: "PINC001", at: at + 60_000 }));
  expect(await send(opened, "v1=00")).toBe(403);
  // Twice, as PagerDuty may, and the end before the beginning.
  for (const body of [closed, opened, opened]) expect(await send(body)).toBe(200);

  await expect.poll(async () => (await ledger.incident("PINC001"))?.state.outcome).toBe("self-resolved");
  await expect.poll(async () => (await ledger.prediction("PINC001"))?.decision).toBe("page");
  expect((await ledger.incident("PINC001"))?.events).toHaveLength(2);

  // What can never succeed is a dead letter with its reason, and the rest flows on.
  await bus.publish(TOPIC, { data: Buffer.from("{"), attributes: {}, orderingKey: "" });
  const letters = await expect
    .poll(async () => (await bus.deadLetters()).map(({ source }) => source).sort())
    .toEqual(["record", "respond"])
    .then(() => bus.deadLetters());
  for (const { reason } of letters) expect(reason).toContain("JSON");

  // The command line on the deployed bot: it sends to receive, and reads what became of it in Firestore.
  const google = {
    PUBSUB_EMULATOR_HOST: pubsubHost,
    FIRESTORE_EMULATOR_HOST: firestoreHost,
    METADATA_SERVER_DETECTION: "none",
  };
  const target = ["--target", `gcp:${project}/(default)`, "--url", urlOf.get("receive") ?? "", "--json"];
  const file = join(folder, "payloads.ndjson");
  const story = { incident: "PINC002", title: "Queue grows" };
  const bodies = [
    webhook({ ...story, type: "triggered", at }),
    webhook({ ...story, type: "resolved", at: at + 60_000 }),
  ];
  writeFileSync(file, bodies.map((body) => JSON.stringify(body)).join("\n"));
  const withSecret = { env: { ...google, MRDATA_WEBHOOK_SECRET: SECRET } };
  const replayed = await mrdata(["replay", file, ...target], withSecret);
  expect(replayed).toMatchObject({ code: 0, stderr: "" });
  const done = { status: 200, incident: "PINC002", actor: "integration", outcome: "self-resolved" };
  expect(jsonLines(replayed.stdout)).toMatchObject([done, done]);
  const triggeredNow = ["trigger", "incident.triggered", "--incident", "PINC003", ...target];
  expect(jsonLines((await mrdata(triggeredNow, withSecret)).stdout)).toMatchObject([{ status: 200 }]);
  expect(await mrdata(["replay", file, ...target], { env: google })).toMatchObject({ code: 3 });

  const { code, stdout, stderr } = await mrdata(
    ["explain", "PINC001", "PNONE", "--target", `gcp:${project}/(default)`, "--json"],
    { env: google },
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(jsonLines(stdout)).toMatchObject([
    { incident: "PINC001", decision: "page", outcome: "self-resolved", actor: "integration" },
    { incident: "PNONE", decision: null, outcome: null, events: [] },
  ]);

  // The deployed bot is looked at from outside: its ledger and dead letters at Google, and a ping the whole way there.
  const live = await livePagerDuty(smallAccount());
  const url = urlOf.get("receive") ?? "";
  live.pagerduty.subscribe({ url, secret: SECRET, events: neededEvents });
  const outside = (...args: readonly string[]) =>
    mrdata([...args, "--target", `gcp:${project}/(default)`, "--json"], {
      env: {
        PUBSUB_EMULATOR_HOST: pubsubHost,
        FIRESTORE_EMULATOR_HOST: firestoreHost,
        METADATA_SERVER_DETECTION: "none",
        MRDATA_PAGERDUTY_URL: live.url,
        MRDATA_PAGERDUTY_TOKEN: TOKEN,
        MRDATA_BOT_USER: BOT.id,
        MRDATA_FROM: BOT.email,
        MRDATA_FALLBACK_POLICY: FALLBACK_POLICY,
        MRDATA_WEBHOOK_URL: url,
      },
    });
  const policy = ["--service", SERVICE, "--policy", ARMED_POLICY];
  const looked = await outside("doctor", ...policy);
  expect(looked.code).toBe(4);
  expect(looked.stderr).toMatch(/not well: champion, dead-letters\b/);
  const [line] = jsonLines(looked.stdout);
  expect(line).toMatchObject({
    checks: expect.arrayContaining([
      expect.objectContaining({ name: "webhook-secret", state: "ok" }),
      expect.objectContaining({
        name: "dead-letters",
        sentence: expect.stringMatching(/^2 dead letters wait/),
      }),
    ]),
  });
  expect(JSON.parse((await outside("dead-letters", "drop", "--confirm=drop")).stdout)).toEqual({
    dropped: 2,
  });
  expect((await outside("doctor", ...policy)).stderr).toMatch(/not well: champion, alarms\./);
}, 150_000);
