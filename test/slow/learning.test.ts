import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sendTask, usualSpec } from "@mrdata/functions";
import { type PastIncident, pastOf } from "@mrdata/incident";
import { rowOfPast, usualLearnerSettings, versionFiles } from "@mrdata/learning";
import { systemClock } from "@mrdata/platform";
import { openEmbeddedModels, openEmbeddedPublisher, openEmbeddedResults } from "@mrdata/platform/embedded";
import { localFiles } from "@mrdata/runtime";
import { doneOf, filesOf, planTuning, startJob, storeHistory, trainingSpec, tunedIn } from "@mrdata/training";
import { trainHere } from "@mrdata/training/threads";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { z } from "zod";
import { engine, engineTest } from "../engine/support/engine-test.ts";
import { type Laptop, openLaptop } from "../laptop/laptop.ts";
import type { Wires } from "../laptop/wire.ts";
import { stacks } from "../plan/stacks.ts";
import { TOKEN } from "../simulation/simulated-bot.ts";
import {
  ARMED_POLICY,
  BOT,
  FALLBACK_POLICY,
  ROBIN,
  SERVICE,
  smallAccount,
} from "../simulation/small-account.ts";
import type { FunctionProcess } from "../support/function-process.ts";
import { type LivePagerDuty, livePagerDuty } from "../support/live-pagerduty.ts";
import { holdingOn, sureVersion } from "../support/sure-version.ts";
import { somePast } from "../support/trained-version.ts";

// It learns by itself, from the declared infrastructure alone: the functions, their environments, subscriptions, schedules, the
// endpoint and the model on it are what `pulumi up` declares. Some three minutes of processor time.
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const DAYS = 60;
/** As many as a gate's comparison takes; a third are a monitor's that turns from noise to real. */
const INCIDENTS = 330;
/** So many of the monitor that changes come before it does; twenty come after. */
const NOISE = INCIDENTS / 3 - 20;
const TRIALS = 30;

/** Sixty days that end a day ago. */
function sixtyDays(): readonly PastIncident[] {
  const until = Date.now() - DAY_MS;
  return somePast(until)
    .slice(-INCIDENTS)
    .map((past, i): PastIncident => {
      const createdAt = Math.round(until - (DAYS * DAY_MS * (INCIDENTS - i)) / INCIDENTS);
      const lasted = (past.resolvedAt ?? past.createdAt) - past.createdAt;
      const moved = { ...past, createdAt, resolvedAt: createdAt + lasted };
      if (i % 3 !== 0) return moved;
      const isReal = i / 3 >= NOISE;
      return {
        ...moved,
        service: "PQUEUE",
        title: "Queue lags",
        resolvedAt: createdAt + (isReal ? 40 : 2) * MINUTE_MS,
        resolvedBy: isReal ? "human" : "integration",
      };
    });
}

const bodyOf = z.object({ event: z.object({ data: z.object({ id: z.string() }) }) });

describe("learning, from the declared infrastructure alone", () => {
  const folder = mkdtempSync(join(tmpdir(), "mrdata-learning-"));
  let laptop: Laptop;
  let live: LivePagerDuty & { stop(): Promise<void> };
  /** Where PagerDuty's webhooks go that are sent to the declared URL. */
  let receive: string | null = null;

  beforeAll(async () => {
    if (!engine.available) return;
    // A version that is sure of everything is what is deployed: the champion that a challenger meets, and what the endpoint serves.
    const modelFolder = join(folder, "v1");
    mkdirSync(modelFolder);
    for (const [file, bytes] of sureVersion(Date.now() - DAY_MS))
      writeFileSync(join(modelFolder, file), bytes);
    const finished: (() => unknown)[] = [];
    const double = await livePagerDuty(smallAccount(), {
      fetch: webhooksHere,
      onFinished: (stop) => finished.push(stop),
    });
    live = {
      ...double,
      stop: async () => {
        for (const stop of finished) await stop();
      },
    };
    laptop = await openLaptop({
      stack: "everything",
      binary: engine.binary,
      emulators: { available: false, reason: "the embedded bus and ledger take their place", command: "" },
      config: (addresses) => ({
        ...stacks.everything,
        ...addresses,
        "mrdata:modelFolder": modelFolder,
        "mrdata:pagerDutyBaseUrl": live.url,
        "mrdata:pagerDutyToken": TOKEN,
        "mrdata:botUser": BOT.id,
        "mrdata:botEmail": BOT.email,
        "mrdata:fallbackPolicy": FALLBACK_POLICY,
        "mrdata:webhookSecret": "",
      }),
    });
  }, 300_000);
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    if (!engine.available) return;
    await laptop.close();
    await live.stop();
  });

  async function webhooksHere(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init);
    const body = Buffer.from(await request.arrayBuffer());
    bodyOf.parse(JSON.parse(body.toString()));
    if (receive === null) return new Response(null, { status: 200 });
    return fetch(receive, { method: "POST", headers: request.headers, body });
  }

  /** Wires of their own, with the declared model version as the champion. */
  async function wiresWithChampion(): Promise<{ readonly wires: Wires; readonly home: string }> {
    const wires = await laptop.wire();
    const home = wires.target.replace(/^local:/, "");
    const declared = laptop.system.files.map(
      ({ name, bytes }) => [name.split("/").at(-1) ?? "", bytes] as const,
    );
    const files = new Map(declared.filter(([name]) => versionFiles.some((file) => file === name)));
    await openEmbeddedModels({ dir: localFiles(home).models }).publish("v1", files);
    await wires.ledger.promote("v1");
    return { wires, home };
  }

  /** Starts these functions, and the declared subscriptions that push to them. */
  async function startSome(wires: Wires, names: readonly string[], env: Readonly<Record<string, string>>) {
    const running = new Map<string, FunctionProcess>();
    for (const name of names) running.set(name, await laptop.start(laptop.functionOf(name), wires, "", env));
    const pushes = laptop.system.pushes.flatMap((push) => {
      const to = names.find((name) =>
        push.pushEndpoint.startsWith(`https://${laptop.functionOf(name).service}-`),
      );
      return to === undefined ? [] : [{ ...push, pushEndpoint: `${running.get(to)?.url}/` }];
    });
    await wires.push(pushes);
    return (name: string): FunctionProcess => {
      const one = running.get(name);
      if (one === undefined) throw new Error(`${name} was not started`);
      return one;
    };
  }

  engineTest(
    "sixty days, and the scheduler's call: what drifted is named, a worker is killed over the tasks, and a challenger earns its place; then thirty trials",
    async () => {
      const { wires, home } = await wiresWithChampion();
      const { ledger } = wires;
      const { training } = ledger;
      const files = localFiles(home);
      const history = join(folder, "history.ndjson");
      const lived = sixtyDays();
      writeFileSync(history, lived.map((past) => `${JSON.stringify(rowOfPast(past))}\n`).join(""));
      expect(await laptop.mrdata(wires, "import", history)).toMatchObject([{ added: INCIDENTS }]);
      const running = await startSome(wires, ["retrain", "learn"], {});
      const ended = async (job: string) => {
        await expect
          .poll(async () => (await training.job(job))?.state, { interval: 500 })
          .not.toBe("running");
        return training.job(job);
      };

      // As Cloud Scheduler does.
      const { service } = laptop.functionOf("retrain");
      const scheduled = laptop.system.schedules.filter(({ uri }) => uri.startsWith(`https://${service}-`));
      expect(scheduled).toMatchObject([{ cron: "0 3 * * *", method: "POST" }]);
      const call = async () => {
        const answer = await fetch(running("retrain").url, { method: scheduled[0]?.method ?? "" });
        return { status: answer.status, body: await answer.json() };
      };
      const job = `train-${new Date().toISOString().slice(0, 10)}`;
      expect(await call()).toEqual({
        status: 200,
        body: {
          job,
          state: "running",
          drift: [
            expect.stringMatching(/^PQUEUE clears itself less often: 0 % of its last (1\d|20) incidents/),
          ],
        },
      });
      // It may call twice.
      expect((await call()).body).toMatchObject({ job });

      // The worker is killed in the middle of a task, and another comes in its place.
      const done = async () => (await training.tasksOf(job)).filter(({ outcome }) => outcome !== null).length;
      await expect.poll(done, { interval: 50 }).toBeGreaterThan(5);
      const learn = running("learn");
      const killed = once(learn.process, "exit");
      learn.process.kill("SIGKILL");
      await killed;
      expect((await training.job(job))?.state).toBe("running");
      await laptop.start(laptop.functionOf("learn"), wires, "", {}, Number(new URL(learn.url).port));
      const trained = await ended(job);

      // It holds less of what is real than the champion did: it has earned its place.
      expect(trained, learn.output()).toMatchObject({ state: "done", version: "v2", reason: null });
      expect([await ledger.alias("champion"), await ledger.alias("previous")]).toEqual(["v2", "v1"]);
      const past: PastIncident[] = [];
      for await (const { events } of ledger.pastIncidents()) {
        const one = pastOf(events);
        if (one !== null) past.push(one);
      }
      const wanted = filesOf(await trainHere(past, trainingSpec.parse(trained?.spec), { workers: 2 }));
      const models = openEmbeddedModels({ dir: files.models });
      for (const file of versionFiles) {
        const made = Buffer.from((await models.read("v2", file)) ?? []);
        expect(made.equals(Buffer.from(wanted.get(file) ?? [])), file).toBe(true);
      }
      expect(await laptop.mrdata(wires, "jobs")).toMatchObject([{ id: job, state: "done", version: "v2" }]);

      // As `mrdata tune --distributed` begins it in the cloud.
      const bus = openEmbeddedPublisher({ file: files.bus, clock: systemClock });
      const results = openEmbeddedResults({ dir: files.results });
      const { missBudget, certificate } = await ledger.settings();
      const now = Date.now();
      const asUsual = usualSpec({ now, windowMs: 5 * MINUTE_MS, budget: missBudget, certificate });
      const spec = { ...asUsual, windows: false, unattended: false };
      const usual = usualLearnerSettings(spec.trees);
      const plan = { trials: TRIALS, until: null, seed: 1, width: 4, usual };
      await planTuning({ id: "tune-1", plan, at: now }, ledger);
      await storeHistory({ id: "tune-1", spec }, past, { ledger, results });
      const ports = { ledger, send: sendTask(bus), now: () => Date.now(), report: () => {} };
      await startJob({ id: "tune-1", spec }, ports);
      expect(await ended("tune-1")).toMatchObject({ state: "done" });
      const { result = "" } = (await doneOf("tune-1", ledger)).get("tuned") ?? {};
      const tuned = tunedIn((await results.read(result)) ?? new Uint8Array());
      expect(tuned.trials).toHaveLength(TRIALS);
      expect(tuned.mattered.length).toBeGreaterThan(0);
      if (tuned.learners !== null)
        expect(await ended("tune-1-version")).toMatchObject({ state: "done", version: "v3" });
      await bus.close();
      expect(await wires.deadLetters()).toEqual([]);
    },
  );

  engineTest(
    "a night with the declared endpoint: both hold, another number pages a person at once, and killed in the middle it delays nobody",
    async () => {
      const { wires } = await wiresWithChampion();
      const { ledger } = wires;
      const { vertex } = laptop.on;
      vertex.scores = (rows) => rows.map(() => 0.97);
      await ledger.saveSettings({
        ...holdingOn(SERVICE, ARMED_POLICY),
        caps: { service: 60, all: 60 },
      });
      const running = await startSome(wires, ["receive", "respond", "record"], {
        GOOGLE_OAUTH_ACCESS_TOKEN: "of-mrdata",
      });
      receive = `${running("receive").url}/`;
      const night: string[] = [];
      /** What is stored of an incident that opens now, and who has it. */
      const opens = async (title: string) => {
        const { incident } = live.pagerduty.trigger({ serviceId: SERVICE, dedupKey: title, title });
        if (incident === null) throw new Error("no incident was opened");
        night.push(incident);
        const isOver = async () => {
          const stored = await ledger.prediction(incident);
          return stored !== null && (stored.decision === "hold" || stored.taken.action !== "none");
        };
        await expect.poll(isOver).toBe(true);
        const stored = await ledger.prediction(incident);
        return { stored, assignees: live.pagerduty.incident(incident).assignees };
      };
      /** Until the endpoint's answer counts: on a busy machine, and in a process that has just started, half a second may be over. */
      const opensUntilHeard = async (title: string) => {
        for (let i = 1; ; i++) {
          const opened = await opens(`${title} ${"again ".repeat(i)}`);
          if (opened.stored?.scoredBy !== "process" || i === 20) return opened;
          // Then the score of the process counts.
          expect(opened).toMatchObject({ stored: { decision: "hold" }, assignees: [BOT.id] });
        }
      };

      expect(await opensUntilHeard("Queue lags")).toMatchObject({
        stored: { decision: "hold", model: "v1", scoredBy: "both" },
        assignees: [BOT.id],
      });
      expect(vertex.calls.at(-1)).toMatch(/endpoints\/[^/]+:predict$/);

      vertex.scores = (rows) => rows.map(() => 0.971);
      expect(await opensUntilHeard("Cache misses")).toMatchObject({
        stored: { decision: "page", decidedBy: "endpoint", taken: { action: "paged" } },
        assignees: [ROBIN],
      });
      expect(running("respond").output()).toContain('"event":"endpoint.differs"');

      await vertex.close();
      expect(await opens("Certificate is renewed")).toMatchObject({
        stored: { decision: "hold", scoredBy: "process" },
        assignees: [BOT.id],
      });
      // What the bot would not hold is paged at once, with the endpoint or without.
      await ledger.changeSettings((before) => ({ ...before, caps: { service: 0, all: 0 } }));
      expect(await opens("Replica lags")).toMatchObject({
        stored: { decision: "page", taken: { action: "paged" } },
        assignees: [ROBIN],
      });
      // Nobody waits who was not told: each is held, within its window, or with a person.
      for (const incident of night) {
        const stored = await ledger.prediction(incident);
        const { assignees } = live.pagerduty.incident(incident);
        expect(assignees, incident).toEqual([stored?.decision === "hold" ? BOT.id : ROBIN]);
      }
      receive = null;
      expect(await wires.deadLetters()).toEqual([]);
      expect(running("respond").output()).not.toContain("of-mrdata");
    },
  );
});
