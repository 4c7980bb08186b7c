import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LEDGER_SUBSCRIPTION, MODEL_SUBSCRIPTION, subscriptionsOf } from "@mrdata/functions";
import { bundleFunctions, manifests } from "@mrdata/functions/bundle";
import { signBody } from "@mrdata/pagerduty";
import { allIndexes, createLedger, systemClock } from "@mrdata/platform";
import { openEmbeddedBus, openEmbeddedStore } from "@mrdata/platform/embedded";
import { localFiles } from "@mrdata/runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundledArchives } from "../support/bundled.ts";
import { type FunctionProcess, startFunction } from "../support/function-process.ts";
import { bytesOf, webhook } from "../support/webhooks.ts";

const SECRET = "secret-of-the-bundle-test";
const folder = mkdtempSync(join(tmpdir(), "mrdata-bundle-"));
let archives: Awaited<ReturnType<typeof bundledArchives>>;

beforeAll(async () => {
  archives = await bundledArchives();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const folderOf = (name: string): string => archives.find((archive) => archive.name === name)?.folder ?? "";

describe("an archive", () => {
  it("is its bundle, a package.json that pins the framework with the lockfile of what it brings, and what every archive has", () => {
    expect(archives.map(({ name }) => name)).toEqual(manifests.map(({ name }) => name));
    for (const { folder, files } of archives) {
      expect(readdirSync(folder).sort()).toEqual([...files].sort());
      const { dependencies, main } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      expect(Object.keys(dependencies)).toEqual(["@google-cloud/functions-framework"]);
      expect(Object.values(dependencies)[0]).toMatch(/^\d+\.\d+\.\d+$/);
      expect(main).toBe("index.js");
      // `npm ci` refuses a lockfile that is of something else, and installs nothing that is not in it.
      const lock = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8"));
      expect(lock.packages[""].dependencies).toEqual(dependencies);
      const packages = Object.entries<{ integrity?: string }>(lock.packages).filter(
        ([place]) => place !== "",
      );
      expect(packages.length).toBeGreaterThan(50);
      expect(packages.filter(([, { integrity }]) => !integrity?.startsWith("sha512-"))).toEqual([]);
    }
  });
  it("has the same bytes whenever, wherever and beside whichever others it is made", async () => {
    // All of them are bundled again in test/slow.
    const [one, ...others] = ["receive", "retrain", "digest"];
    const alone = await bundleFunctions(join(folder, "two"), [one ?? ""]);
    const beside = await bundleFunctions(join(folder, "two"), others);
    for (const { name, hash } of [...alone, ...beside])
      expect({ name, hash }).toEqual({ name, hash: archives.find((known) => known.name === name)?.hash });
  });
  it("holds no framework and no path of this machine", () => {
    for (const { folder } of archives) {
      const source = readFileSync(join(folder, "function.js"), "utf8");
      expect(source).not.toContain("FUNCTION_SIGNATURE_TYPE");
      expect(source).not.toContain(process.cwd());
    }
  });
  it("is compiled by the script that the platform runs when it builds, which fails no build", async () => {
    const made = join(folder, "compiled");
    cpSync(folderOf("receive"), made, { recursive: true });
    const { scripts } = JSON.parse(readFileSync(join(made, "package.json"), "utf8"));
    const [command, ...args] = scripts["gcp-build"].split(" ");
    expect(command).toBe("node");
    const build = () => execFileSync(process.execPath, args, { cwd: made, env: {}, encoding: "utf8" });
    expect(build()).toBe("");
    const [version = ""] = readdirSync(join(made, "compiled"));
    const kept = readdirSync(join(made, "compiled", version));
    expect(kept.length).toBeGreaterThan(0);
    writeFileSync(join(made, "function.js"), "throw new Error('broken')");
    expect(build()).toMatch(/nothing is kept compiled.*broken/);
  });
  it("holds the clients of its needs only", () => {
    const has = (name: string, text: string) =>
      readFileSync(join(folderOf(name), "function.js"), "utf8").includes(text);
    expect(has("receive", "google.pubsub.v1")).toBe(true);
    expect(has("receive", "google.firestore.v1")).toBe(false);
    expect(has("record", "google.firestore.v1")).toBe(true);
  });
});

describe("the archives, each a process under functions-framework", () => {
  it("take a signed webhook through to the stored prediction and outcome", async () => {
    const home = join(folder, "home");
    mkdirSync(home);
    const env = { MRDATA_TARGET: `local:${home}`, MRDATA_WEBHOOK_SECRET: SECRET };
    const running: FunctionProcess[] = [];
    const start = async (name: string) => {
      const started = await startFunction(folderOf(name), name, env);
      running.push(started);
      return started;
    };
    const ledger = createLedger(openEmbeddedStore({ file: localFiles(home).ledger, indexes: allIndexes }));
    try {
      const [receive, respond, record] = [
        await start("receive"),
        await start("respond"),
        await start("record"),
      ];
      const urls: Readonly<Record<string, string>> = {
        [MODEL_SUBSCRIPTION]: respond.url,
        [LEDGER_SUBSCRIPTION]: record.url,
      };
      const subscriptions = subscriptionsOf("").map((subscription) => ({
        ...subscription,
        pushEndpoint: `${urls[subscription.name]}/`,
      }));
      const bus = openEmbeddedBus({ file: localFiles(home).bus, clock: systemClock, subscriptions });
      bus.start();
      try {
        const at = Date.now() - 3_600_000;
        for (const body of [
          webhook({ type: "triggered", incident: "PINC001", at }),
          webhook({ type: "resolved", incident: "PINC001", at: at + 60_000 }),
        ].map(bytesOf)) {
          const headers = {
            "content-type": "application/json",
            "x-pagerduty-signature": signBody(body, SECRET),
          };
          const answer = await fetch(receive.url, { method: "POST", headers, body: new Uint8Array(body) });
          expect({ status: answer.status, body: await answer.json() }).toMatchObject({
            status: 200,
            body: { accepted: expect.any(String) },
          });
        }
        await expect
          .poll(async () => (await ledger.incident("PINC001"))?.state.outcome)
          .toBe("self-resolved");
        await expect.poll(async () => (await ledger.prediction("PINC001"))?.decision).toBe("page");
        expect(await bus.deadLetters()).toEqual([]);

        const sweep = await start("sweep");
        const swept = await fetch(sweep.url, { method: "POST" });
        expect({ status: swept.status, body: await swept.json() }).toEqual({
          status: 200,
          body: { waiting: 0, paged: 0, configured: false },
        });

        // The framework parses JSON before the function sees it, and must not answer with a stack.
        const broken = await fetch(receive.url, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: "{",
        });
        const said = await broken.text();
        expect(broken.status).toBe(400);
        expect(said).not.toMatch(/node_modules|\bat |\.js:/);
        // Without a Content-Type the framework keeps no body.
        const bare = await fetch(receive.url, {
          method: "POST",
          headers: { "x-pagerduty-signature": "v1=00" },
          body: new Uint8Array([123, 125]),
        });
        expect(bare.status).toBe(401);
      } finally {
        await bus.close();
      }
    } finally {
      await ledger.close();
      await Promise.all(running.map((one) => one.stop()));
    }
  });

  it("say which variable of the environment is missing, in the log and not to the caller", async () => {
    const receive = await startFunction(folderOf("receive"), "receive", {});
    try {
      const answer = await fetch(receive.url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: "{}",
      });
      expect(answer.status).toBe(503);
      expect(await answer.text()).not.toContain("MRDATA_TARGET");
      expect(receive.output()).toContain("MRDATA_TARGET is not set");
    } finally {
      await receive.stop();
    }
  });
});
