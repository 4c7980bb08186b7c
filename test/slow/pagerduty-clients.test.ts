import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunningTlsServer } from "@mrdata/simulator";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startDouble, TOKEN } from "../../packages/simulator/src/pagerduty/double.fixture.ts";

/** Programs of PagerDuty's own clients, on the double as on PagerDuty: over HTTPS, and without a word about the double. */
const ROOT = join(import.meta.dirname, "../..");
const programs = join(import.meta.dirname, "pagerduty-clients");

let server: RunningTlsServer;
let folder: string;
let certificate: string;
beforeEach(async () => {
  server = await startDouble().double.listenTls();
  folder = mkdtempSync(join(tmpdir(), "mrdata-clients-"));
  certificate = join(folder, "certificate.pem");
  writeFileSync(certificate, server.certificate);
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** What the program printed. Rejects with what it complained of. */
function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, env: { ...process.env, ...env } });
    let out = "";
    let complaints = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      out += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      complaints += text;
    });
    child.once("error", reject);
    child.once("close", (status) => {
      if (status === 0) resolve(JSON.parse(out));
      else reject(new Error(`${command} ended with ${status}: ${complaints}`));
    });
  });
}

test("npm's @pagerduty/pdjs", async () => {
  const { host } = new URL(server.url);
  const did = await run(process.execPath, [join(programs, "client.mjs"), host, TOKEN], {
    NODE_EXTRA_CA_CERTS: certificate,
  });
  expect(did).toEqual({
    sent: "success",
    monitored: [["Disk is full", null]],
    opened: ["POTHER", "PP1", "PCARLA"],
    assignees: ["PBEN"],
    entry: true,
    users: ["PANNA", "PBEN", "PCARLA"],
    teams: [],
    unknownIncident: [404, 2100],
    notPlayed: [400, 2001],
  });
});

test("PyPI's pagerduty", async ({ skip }) => {
  if (spawnSync("python3", ["-c", "import sys, venv; assert sys.version_info >= (3, 11)"]).status !== 0)
    skip("Python 3.11 or newer with venv is not there");
  const prepared = spawnSync(process.execPath, [join(ROOT, "scripts/python.mjs")], { encoding: "utf8" });
  if (prepared.status !== 0) skip(`its libraries could not be installed: ${prepared.stderr.trim()}`);
  const did = await run(prepared.stdout.trim(), [
    join(programs, "client.py"),
    server.url,
    TOKEN,
    certificate,
  ]);
  expect(did).toEqual({
    dedupKey: expect.stringMatching(/.{8,}/),
    monitored: ["Disk is full", null],
    alerts: [expect.any(String)],
    assignees: ["PCARLA"],
    acknowledged: "acknowledged",
    found: "PCARLA",
    users: ["PANNA", "PBEN", "PCARLA"],
    links: [true, true],
    notes: ["Looking."],
    logEntries: ["acknowledge", "annotate", "assign", "trigger"].map((type) => `${type}_log_entry`),
    changes: ["Deployed 1.2"],
    resolved: "resolved",
    unknownIncident: [404, 2100],
    notPlayed: [400, 2001],
    access: "account",
  });
});

test("Go's go-pagerduty", async ({ skip }) => {
  if (spawnSync("go", ["version"]).status !== 0) skip("there is no 'go'");
  const program = join(folder, "client");
  const built = spawnSync("go", ["build", "-o", program, "."], {
    cwd: join(programs, "go"),
    encoding: "utf8",
  });
  if (built.status !== 0 && /dial tcp|lookup /u.test(built.stderr))
    skip(`it could not be fetched: ${built.stderr}`);
  expect(built).toMatchObject({ status: 0, stderr: expect.any(String) });
  const did = await run(program, [server.url, TOKEN, certificate]);
  expect(did).toEqual({
    sent: "success",
    monitored: ["Disk is full", 1],
    opened: ["k1", "PP1", "PCARLA"],
    acknowledged: "acknowledged",
    assignee: "PBEN",
    policy: "POTHER",
    resolved: "resolved",
    notes: "Looking.",
    alert: "d1",
    entry: true,
    found: "PBEN",
    services: 6,
    integration: "RPHIGH",
    onCall: "PANNA",
    unknownIncident: [404, 2100],
    notPlayed: [400, 2001],
  });
});

test("PyPI's pagerduty-mcp", async ({ skip }) => {
  const prepared = spawnSync(process.execPath, [join(ROOT, "scripts/python312.mjs")], { encoding: "utf8" });
  if (prepared.status !== 0) skip(prepared.stderr.trim());
  const did = await run(prepared.stdout.trim(), [
    join(programs, "assistant.py"),
    server.url,
    "annas-own-token",
    certificate,
  ]);
  expect(did).toEqual({
    user: "PANNA",
    opened: "triggered",
    listed: [true],
    byNumber: true,
    noteOf: "PANNA",
    notes: ["Looking."],
    assignees: ["PBEN"],
    lowered: "triggered",
    acknowledged: "acknowledged",
    resolved: "resolved",
    alerts: ["By hand"],
    found: ["PCARLA"],
    service: "High",
    policy: 3,
    onCall: "PANNA",
    schedule: "Nobody",
    orchestrations: [],
    unknownIncident: true,
    notPlayed: true,
  });
});
