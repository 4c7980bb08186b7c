import { randomUUID } from "node:crypto";
import { writePushEnvelope } from "@mrdata/platform";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { z } from "zod";
import { type Emulators, emulators } from "../emulators/emulators.ts";
import { type StorageServer, startStorageServer } from "../emulators/storage-server.ts";
import { engine, engineTest } from "../engine/support/engine-test.ts";
import type { DeclaredFunction } from "../laptop/declared-system.ts";
import { isNoted, type Laptop, openLaptop } from "../laptop/laptop.ts";
import type { Wires } from "../laptop/wire.ts";
import { stacks } from "../plan/stacks.ts";
import { TOKEN } from "../simulation/simulated-bot.ts";
import { ALEX, BOT, FALLBACK_POLICY, ROBIN, SERVICE, smallAccount } from "../simulation/small-account.ts";
import { type LivePagerDuty, livePagerDuty } from "../support/live-pagerduty.ts";

const bodyOf = z.object({ event: z.object({ data: z.object({ id: z.string() }) }) });

describe("the stack with everything on, on a laptop", () => {
  const project = `laptop-${randomUUID().slice(0, 12)}`;
  let google: Emulators;
  let storage: StorageServer;
  let live: LivePagerDuty & { stop(): Promise<void> };
  let laptop: Laptop;
  /** Where the webhooks of PagerDuty go that are sent to the declared URL; what nobody takes is kept. */
  let receive: string | null = null;
  const kept = new Map<string, Buffer>();

  beforeAll(async () => {
    if (!engine.available) return;
    google = await emulators();
    storage = await startStorageServer();
    const finished: (() => unknown)[] = [];
    live = {
      ...(await livePagerDuty(smallAccount(), {
        fetch: routed,
        onFinished: (stop) => finished.push(stop),
      })),
      stop: async () => {
        for (const stop of finished) await stop();
      },
    };
    laptop = await openLaptop({
      stack: "everything",
      binary: engine.binary,
      emulators: google,
      env: { STORAGE_EMULATOR_HOST: storage.endpoint },
      config: (addresses) => ({
        ...stacks.everything,
        ...addresses,
        "gcp:project": project,
        "mrdata:pagerDutyBaseUrl": live.url,
        "mrdata:pagerDutyToken": TOKEN,
        "mrdata:botUser": BOT.id,
        "mrdata:botEmail": BOT.email,
        "mrdata:fallbackPolicy": FALLBACK_POLICY,
        // PagerDuty makes one of its own.
        "mrdata:webhookSecret": "",
      }),
    });
    // What `up` has uploaded.
    for (const { name, bytes } of laptop.system.files) storage.objects.set(name, { bytes, generation: 1 });
  }, 300_000);
  afterAll(async () => {
    if (!engine.available) return;
    await laptop.close();
    await live.stop();
    await storage.stop();
    if (google.available) await google.stop();
  });

  /** The declared URL is Google's; here the function that is declared for it answers. */
  async function routed(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init);
    expect(request.url).toMatch(/^https:\/\/mrdata-receive-two-999999999999\.europe-west1\.run\.app\/$/);
    const body = Buffer.from(await request.arrayBuffer());
    kept.set(bodyOf.parse(JSON.parse(body.toString())).event.data.id, body);
    if (receive === null) return new Response(null, { status: 200 });
    return fetch(receive, { method: "POST", headers: request.headers, body });
  }
  const opened = (title: string): string => {
    const { incident } = live.pagerduty.trigger({ serviceId: SERVICE, dedupKey: title, title });
    if (incident === null) throw new Error("no incident was opened");
    return incident;
  };
  const assignees = (incident: string) => live.pagerduty.incident(incident).assignees;

  engineTest(
    "PagerDuty's webhook, signed with the secret that it made, leads to a prediction of the declared model, and the bot pages a person; the command line tells it",
    async () => {
      const wires = await laptop.wire();
      await wires.ledger.promote("v1");
      const running = await laptop.startAll(wires);
      receive = `${running.get(laptop.functionOf("receive").service)?.url}/`;
      const incident = opened("Disk 91% full on db-3");
      expect(assignees(incident)).toEqual([BOT.id]);
      await expect.poll(() => assignees(incident)).toEqual([ROBIN]);
      await expect.poll(async () => (await wires.ledger.prediction(incident))?.model).toBe("v1");
      await expect
        .poll(async () => (await wires.ledger.incident(incident))?.events.length)
        .toBeGreaterThan(1);
      receive = null;

      expect(await laptop.mrdata(wires, "explain", incident)).toMatchObject([{ incident, decision: "page" }]);
      expect(await laptop.mrdata(wires, "decisions")).toMatchObject([{ rows: [{ incident, model: "v1" }] }]);
      expect(await laptop.mrdata(wires, "status")).toMatchObject([
        { champion: "v1", decisions: [{ incident }] },
      ]);
    },
  );

  /** As Pub/Sub does; answers when it was taken. */
  async function push(url: string, data: Buffer, messageId: string): Promise<Response> {
    const body = writePushEnvelope({
      data,
      attributes: {},
      messageId,
      orderingKey: "",
      publishTime: Date.now(),
      subscription: "any",
      deliveryAttempt: 1,
    });
    const headers = { "content-type": "application/json" };
    const answer = await fetch(url, { method: "POST", headers, body });
    await answer.arrayBuffer();
    return answer;
  }

  /** Whether a person was paged, by a function that was started without one of its variables. */
  async function pages(one: DeclaredFunction, leftOut: string, wires: Wires, alone: boolean) {
    // Where nobody comes after the bot, the policy of people is the only way out.
    live.pagerduty.setPolicy(policy(alone));
    const incident = opened(`${one.entryPoint} without ${leftOut}`);
    await expect.poll(() => kept.has(incident)).toBe(true);
    const running = await laptop.start(one, wires, leftOut).catch(() => null);
    if (running === null) return false;
    await push(running.url, kept.get(incident) ?? Buffer.alloc(0), incident);
    await running.stop();
    const [assignee] = assignees(incident);
    // Nothing of it may wait when the next one is asked about.
    live.pagerduty.resolve(incident, ALEX);
    return assignee !== BOT.id;
  }

  engineTest(
    "without any one of the variables and secrets that respond and sweep are declared with, nobody is paged, or the command line is not told",
    async () => {
      const wires = await laptop.wire();
      const failed: string[] = [];
      const expected: string[] = [];
      for (const entryPoint of ["respond", "sweep"]) {
        const one = laptop.functionOf(entryPoint);
        for (const alone of [false, true])
          expect(await pages(one, "nothing", wires, alone), `${entryPoint} with all`).toBe(true);
        expect(await isNoted(one, wires), `${entryPoint} with all`).toBe(true);
        for (const name of Object.keys({ ...one.environment, ...one.secrets })) {
          if (harmless.includes(`${entryPoint} ${name}`)) continue;
          expected.push(`${entryPoint} ${name}`);
          const paged = await pages(one, name, wires, name === "MRDATA_FALLBACK_POLICY");
          if (!paged || !(await isNoted(one, wires))) failed.push(`${entryPoint} ${name}`);
        }
      }
      expect(failed).toEqual(expected);
      expect(expected.length).toBeGreaterThan(14);
    },
  );

  /** What respond and sweep page without, since a page is never kept back for the want of it. */
  const harmless: readonly string[] = [
    // Where its dead letters go: a good message leaves none. test/laptop gives it a bad one.
    "respond MRDATA_SUFFIX",
    // A second opinion about what would be held, and where it is asked for.
    "respond MRDATA_ENDPOINT",
    "respond MRDATA_VERTEX_URL",
    // Who acted is told apart by it: the next test has somebody act.
    "respond MRDATA_AUTOMATION_USERS",
  ];

  /** Whether a function that was started without one of its variables takes this user for a person. */
  async function takesForPerson(one: DeclaredFunction, leftOut: string, user: string, wires: Wires) {
    const incident = opened(`${one.entryPoint} without ${leftOut}, told of ${user}`);
    await expect.poll(() => kept.has(incident)).toBe(true);
    const told = JSON.parse(kept.get(incident)?.toString() ?? "{}");
    told.event.agent = { id: user, type: "user_reference", summary: user };
    const running = await laptop.start(one, wires, leftOut);
    expect((await push(running.url, Buffer.from(JSON.stringify(told)), incident)).status).toBeLessThan(300);
    await running.stop();
    live.pagerduty.resolve(incident, ALEX);
    if (one.entryPoint === "record")
      return (await wires.ledger.incident(incident))?.events.some(({ actor }) => actor === "human");
    const verdicts = (await wires.ledger.prediction(incident))?.verdicts;
    return verdicts?.some(({ name, allowsHold }) => name === "person" && !allowsHold);
  }

  engineTest(
    "without the variables that name the bot and other programs, these pass for people",
    async () => {
      const wires = await laptop.wire();
      for (const [entryPoint, variable, user] of [
        ["record", "MRDATA_BOT_USER", BOT.id],
        ["record", "MRDATA_AUTOMATION_USERS", "PAUTO02"],
        ["respond", "MRDATA_AUTOMATION_USERS", "PAUTO02"],
      ] as const) {
        const one = laptop.functionOf(entryPoint);
        expect(await takesForPerson(one, "nothing", user, wires), `${entryPoint} with all`).toBe(false);
        expect(await takesForPerson(one, variable, user, wires), `${entryPoint} ${variable}`).toBe(true);
      }
    },
  );

  const policy = (alone: boolean) => {
    const [declared] = smallAccount().policies;
    if (declared === undefined) throw new Error("the account has no policy");
    return alone ? { ...declared, repeat: 0, rules: declared.rules.slice(0, 1) } : declared;
  };
});
