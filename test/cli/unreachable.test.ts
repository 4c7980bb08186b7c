import { writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { mrdata, temporaryFolder } from "../support/mrdata.ts";
import { mrdataHere } from "../support/mrdata-here.ts";

const TARGET = "gcp:my-project/mrdata";

/** Every command that works on what is in Google Cloud. */
const commands = (file: string): readonly (readonly string[])[] => [
  ["status"],
  ["decisions", "--csv"],
  ["explain", "P1"],
  ["settings"],
  ["settings", "missBudget", "0.2"],
  ["mode", "PDATABASE", "shadow", "--why", "a test"],
  ["arm", "PDATABASE", "--policy", "PARMED", "--why", "a test", "--confirm", "PDATABASE"],
  ["drill", "PDATABASE"],
  ["doctor"],
  ["dead-letters", "list"],
  ["models", "list"],
  ["models", "rollback"],
  ["import", file],
  ["backtest"],
  ["train"],
  ["disarm", "--all", "--why", "a test"],
  ["disarm", "PDATABASE", "--why", "a test"],
];

/** A port that takes connections and never says a word. */
async function silentPort(): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    socket.on("error", () => {});
    sockets.add(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return `127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
}

/** A port on which nobody listens any more. */
async function refusingPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
}

const ANOTHER_WAY = /disarm --all --by-note.* note 'mrdata: disarm'.*edit the escalation policies/;

function assertTold(command: readonly string[], { stdout, stderr }: { stdout: string; stderr: string }) {
  expect(stdout, command.join(" ")).toBe("");
  expect(stderr, command.join(" ")).toContain("Firestore (database mrdata of project my-project)");
  expect(stderr, command.join(" ")).not.toMatch(/^\s+at /m);
  expect(ANOTHER_WAY.test(stderr), command.join(" ")).toBe(command[0] === "disarm");
}

beforeEach(() => {
  for (const name of ["FIRESTORE_EMULATOR_HOST", "GOOGLE_APPLICATION_CREDENTIALS"])
    vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe.each([
  ["refuses", refusingPort],
  ["takes the connection and never answers", silentPort],
])("a Firestore that %s", (_, port) => {
  test("is named by every command, which ends with 1", async () => {
    const file = join(temporaryFolder(), "history.csv");
    writeFileSync(file, "id,service,title,created_at\n1,S,t,2026-03-02T03:00:00Z\n");
    const host = await port();
    vi.stubEnv("FIRESTORE_EMULATOR_HOST", host);
    const env = { FIRESTORE_EMULATOR_HOST: host, MRDATA_PAGERDUTY_TOKEN: "a-token", MRDATA_BOT_USER: "PBOT" };
    await Promise.all(
      commands(file).map(async (command) => {
        const ran = await mrdataHere([...command, "--target", TARGET], { env });
        expect(ran.code, command.join(" ")).toBe(1);
        assertTold(command, ran);
      }),
    );
  });

  test("does not keep the process: it ends with the sentence, long before Google's client gives up", async () => {
    const env = { FIRESTORE_EMULATOR_HOST: await port() };
    const before = performance.now();
    const command = ["disarm", "--all", "--why", "a test"];
    const ran = await mrdata([...command, "--target", TARGET], { env });
    expect(ran.code).toBe(1);
    assertTold(command, ran);
    // Ten seconds, on a machine that is not busy; the client would take more than 45.
    expect(performance.now() - before).toBeLessThan(40_000);
  });
});

test("where nobody is logged in every command says so and ends with 3", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "history.csv");
  writeFileSync(file, "id,service,title,created_at\n1,S,t,2026-03-02T03:00:00Z\n");
  for (const name of ["HOME", "APPDATA", "CLOUDSDK_CONFIG"]) vi.stubEnv(name, folder);
  // A machine of Google's would be logged in by itself.
  vi.stubEnv("METADATA_SERVER_DETECTION", "none");
  const env = { MRDATA_PAGERDUTY_TOKEN: "a-token", MRDATA_BOT_USER: "PBOT" };
  await Promise.all(
    commands(file).map(async (command) => {
      const ran = await mrdataHere([...command, "--target", TARGET], { env });
      expect(ran.code, command.join(" ")).toBe(3);
      assertTold(command, ran);
      expect(ran.stderr).toContain("gcloud auth application-default login");
    }),
  );
});

test.each<[string, string | null]>([
  ["is not there", null],
  ["is empty", ""],
  ["is no JSON", "rubbish"],
  ["is cut off", '{"type":"authorized_user","client_'],
  ["is another JSON", '["a list"]'],
  ["says of no kind", '{"client_id":"x"}'],
])("credentials whose file %s end a command with 3 and one sentence, without a stack", async (_, text) => {
  const file = join(temporaryFolder(), "credentials.json");
  if (text !== null) writeFileSync(file, text);
  vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", file);
  for (const command of [["disarm", "--all", "--why", "a test"], ["status"], ["doctor", "--google"]]) {
    const ran = await mrdataHere([...command, "--target", TARGET]);
    expect(ran.code, ran.stderr).toBe(3);
    expect(`${ran.stdout}${ran.stderr}`).toContain(file);
    expect(`${ran.stdout}${ran.stderr}`).toContain("gcloud auth application-default login");
    expect(ran.stderr.trim().split("\n")).toHaveLength(1);
  }
});

test("'--by-note' without a key says how, and asks no ledger", async () => {
  const ran = await mrdataHere(["disarm", "--all", "--by-note", "--why", "a test", "--target", TARGET]);
  expect(ran.code).toBe(3);
  expect(ran.stderr).toMatch(/API Access.*note 'mrdata: disarm' on any incident/);
  expect(ran.stderr).not.toContain("Firestore");
});

test("'doctor --google' is for what runs on Google Cloud", async () => {
  expect((await mrdataHere(["doctor", "--google", "--home", temporaryFolder()])).code).toBe(2);
});
