import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createProgram } from "@mrdata/cli";
import { describe, expect, test } from "vitest";
import { jsonLines, mrdata, serving, temporaryFolder } from "../support/mrdata.ts";
import { mrdataHere } from "../support/mrdata-here.ts";
import { PERSON, webhook } from "../support/webhooks.ts";

const MINUTE = 60_000;
const at = Date.parse("2026-03-02T22:00:00Z");

function payload(folder: string, name: string, body: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, typeof body === "string" ? body : JSON.stringify(body));
  return file;
}

describe("serve", () => {
  test("says on one line where it listens, not the secret that it was given, and ends with 0 on Ctrl-C", async () => {
    const home = temporaryFolder();
    const server = await serving(home, { MRDATA_WEBHOOK_SECRET: "given" });
    expect(server).toMatchObject({
      webhookUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/receive$/),
      secret: null,
      home,
    });
    expect(await server.interrupt()).toBe(0);
  });

  test("prints a curl line that works, by itself", async () => {
    const home = join(temporaryFolder(), "it's here");
    const main = join(import.meta.dirname, "../../packages/cli/src/main.ts");
    const child = spawn(process.execPath, [main, "serve", "--port", "0", "--home", home], {
      env: { PATH: process.env.PATH ?? "", MRDATA_WEBHOOK_SECRET: "it's-$given" },
      stdio: ["ignore", "ignore", "pipe"],
    });
    try {
      let said = "";
      while (!said.includes("Ctrl-C")) said += String((await once(child.stderr, "data"))[0]);
      const lines = said.split("\n").map((line) => line.trim());
      const curl = lines.find((line) => line.startsWith("curl "));
      const answer = execFileSync("bash", ["-c", curl ?? ""], { encoding: "utf8" });
      expect(JSON.parse(answer)).toHaveProperty("accepted");
    } finally {
      child.kill("SIGINT");
      await once(child, "exit");
    }
  });

  test("says which URL to expose, and not the secret that it was given", async () => {
    const home = temporaryFolder();
    const main = join(import.meta.dirname, "../../packages/cli/src/main.ts");
    const child = spawn(process.execPath, [main, "serve", "--port", "0", "--home", home], {
      env: { PATH: process.env.PATH ?? "", MRDATA_WEBHOOK_SECRET: "given-and-never-shown" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => {
        said += String(chunk);
      });
    await expect.poll(() => said).toContain("Ctrl-C");
    child.kill("SIGINT");
    await once(child, "exit");
    expect(said).not.toContain("given-and-never-shown");
    const [, webhookUrl = ""] = /webhook URL +(\S+)\/receive/.exec(said) ?? [];
    expect(said).toContain(`expose ${webhookUrl} and nothing else`);
  });

  test.each([
    ["MRDATA_WEBHOOK_SECRET", "one,two"],
    ["MRDATA_WEBHOOK_SECRET", "one two"],
    ["MRDATA_PAGERDUTY_TOKEN", "one, two"],
  ])("refuses to start with %s of '%s', in a sentence that does not show it", async (variable, secret) => {
    const ran = await mrdataHere(["serve", "--port", "0", "--home", temporaryFolder()], {
      env: { [variable]: secret },
    });
    expect(ran).toMatchObject({
      code: 3,
      stdout: "",
      stderr: expect.stringContaining(`mrdata: ${variable} holds a secret with a blank or a comma inside`),
    });
    expect(ran.stderr).not.toMatch(/\bone\b.*\btwo\b/);
    expect(ran.stderr.trim().split("\n")).toHaveLength(1);
  });

  test("refuses a home that another server runs on, and says where that one is", async () => {
    const home = temporaryFolder();
    const server = await serving(home);
    const { code, stderr } = await mrdata(["serve", "--port", "0", "--home", home]);
    expect(code).toBe(1);
    expect(stderr).toContain(server.webhookUrl);
    await server.interrupt();
  });

  test("starts where one was killed, also when another process has its number now", async () => {
    const home = temporaryFolder();
    writeFileSync(
      join(home, "serve.json"),
      JSON.stringify({ pid: process.pid, started: "1", webhookUrl: "http://127.0.0.1:1/receive" }),
    );
    expect(await (await serving(home)).interrupt()).toBe(0);
  });
});

describe("replay", () => {
  test("says of every payload who did it and what became of the incident, a JSON line each", async () => {
    const folder = temporaryFolder();
    const files = [
      payload(folder, "1.json", webhook({ type: "triggered", incident: "PINC001", at })),
      payload(
        folder,
        "2.json",
        webhook({ type: "acknowledged", incident: "PINC001", at: at + MINUTE, agent: PERSON }),
      ),
      payload(folder, "3.json", webhook({ type: "resolved", incident: "PINC001", at: at + 2 * MINUTE })),
      payload(folder, "4.json", {
        event: {
          id: "E1",
          event_type: "pagey.ping",
          occurred_at: "2026-03-02T22:00:00Z",
          agent: null,
          data: { type: "ping" },
        },
      }),
    ];
    const { code, stdout } = await mrdataHere(["replay", ...files, "--json", "--home", join(folder, "home")]);
    expect(code).toBe(0);
    const done = { status: 200, incident: "PINC001", outcome: "self-resolved" };
    expect(jsonLines(stdout)).toEqual([
      { file: files[0], type: "incident.triggered", actor: "integration", ...done },
      { file: files[1], type: "incident.acknowledged", actor: "human", ...done },
      { file: files[2], type: "incident.resolved", actor: "integration", ...done },
      {
        file: files[3],
        status: 200,
        type: "pagey.ping",
        incident: null,
        actor: expect.any(String),
        outcome: null,
      },
    ]);
  });

  test("ends with 1 when one was refused, and says why", async () => {
    const folder = temporaryFolder();
    const file = payload(folder, "v2.json", { messages: [{ event: "incident.trigger" }] });
    const { code, stdout, stderr } = await mrdataHere([
      "replay",
      file,
      "--json",
      "--home",
      join(folder, "home"),
    ]);
    expect(code).toBe(1);
    expect(jsonLines(stdout)).toMatchObject([
      { file, status: 400, type: null, error: expect.stringContaining("V2") },
    ]);
    expect(stderr).toContain("1 of 1 payloads were refused");
  });

  test("signs for a server that was given its secret in another shell, and believes it about who did what", async () => {
    const home = temporaryFolder();
    const automation = { id: "PROBOT1", type: "user_reference", summary: "Robot" };
    const server = await serving(home, {
      MRDATA_WEBHOOK_SECRET: "it's-given",
      MRDATA_AUTOMATION_USERS: automation.id,
    });
    const file = payload(
      home,
      "1.json",
      webhook({ type: "triggered", incident: "PINC001", at, agent: automation }),
    );
    const { code, stdout } = await mrdataHere(["replay", file, "--json", "--home", home]);
    expect(jsonLines(stdout)).toMatchObject([{ status: 200, actor: "agent" }]);
    expect(code).toBe(0);
    await server.interrupt();
  });

  test("takes a JSON list and a payload a line", async () => {
    const folder = temporaryFolder();
    const bodies = [1, 2].map((n) => webhook({ type: "triggered", incident: `PINC00${n}`, at }));
    const list = payload(folder, "list.json", bodies);
    const lines = payload(folder, "lines.ndjson", bodies.map((body) => JSON.stringify(body)).join("\n"));
    const marked = payload(folder, "marked.json", `\ufeff${JSON.stringify(bodies[0])}`);
    const { code, stdout } = await mrdataHere([
      ...["replay", list, lines, marked, "--json", "--home", join(folder, "home")],
    ]);
    expect(code).toBe(0);
    expect(jsonLines(stdout)).toHaveLength(5);
    expect(jsonLines(stdout).at(-1)).toMatchObject({ status: 200, incident: "PINC001" });
    const empty = await mrdataHere([
      "replay",
      payload(folder, "empty.json", []),
      "--home",
      join(folder, "home"),
    ]);
    expect(empty).toMatchObject({ code: 2, stderr: expect.stringContaining("it is an empty list") });
  });
});

describe("trigger and explain, while a server runs", () => {
  test("show what was predicted and decided, and the events", async () => {
    const home = temporaryFolder();
    const server = await serving(home);
    const sent = await mrdataHere([
      "trigger",
      "incident.triggered",
      "--incident",
      "PNEW01",
      "--home",
      home,
      "--json",
    ]);
    expect(jsonLines(sent.stdout)).toEqual([{ status: 200, type: "incident.triggered", incident: "PNEW01" }]);
    const explained = async (): Promise<unknown> => {
      const { stdout, code } = await mrdataHere(["explain", "PNEW01", "--home", home, "--json"]);
      expect(code).toBe(0);
      return jsonLines(stdout)[0];
    };
    // Decided on and recorded by two subscriptions, in either order: whoever asks sooner sees less.
    await expect.poll(explained).toMatchObject({
      incident: "PNEW01",
      prediction: false,
      confidence: 0,
      probability: null,
      abstained: expect.stringContaining("seen 0 times"),
      decision: "page",
      outcome: null,
      actor: null,
      model: "rate",
      events: [{ type: "triggered", actor: "integration" }],
    });
    await server.interrupt();
    const people = await mrdataHere(["explain", "PNEW01", "--home", home]);
    expect(people.stdout).toMatch(/PNEW01 {2}page, decided by/);
  });

  test("of an incident that nobody heard of everything is null", async () => {
    const home = temporaryFolder();
    await (await serving(home)).interrupt();
    const { code, stdout } = await mrdataHere(["explain", "PNOBODY", "--home", home, "--json"]);
    expect(code).toBe(0);
    expect(jsonLines(stdout)).toMatchObject([
      {
        incident: "PNOBODY",
        prediction: null,
        confidence: null,
        features: null,
        asOf: null,
        decision: null,
        outcome: null,
        actor: null,
        model: null,
        events: [],
      },
    ]);
  });
});

describe("what goes wrong", () => {
  test.each([
    [["no-such-command"], 2, /unknown command/],
    [["replay"], 2, /missing required argument/],
    [["replay", "/no/such/file.json"], 2, /cannot read \/no\/such\/file\.json: there is no such file/],
    [["replay", "."], 2, /cannot read \.: it is a folder: name the files in it/],
    [["serve", "--port", "99999"], 2, /a port is a number from 0 to 65535/],
    [["serve", "--target", "gcp:my-project/mrdata"], 2, /runs on this machine/],
    [["explain", "P1", "--target", "nowhere"], 2, /local:DIR or gcp:PROJECT\/DATABASE/],
    [["explain", "P1", "--home", "/no/such/home"], 3, /there is no ledger in/],
    [["trigger", "incident.exploded"], 2, /is not an event: choose one of/],
  ])("%j ends with %i and one sentence", async (args, code, sentence) => {
    const ran = await mrdataHere(args);
    expect(ran.code).toBe(code);
    expect(ran.stderr).toMatch(sentence);
    expect(ran.stderr).not.toMatch(/^\s+at /m);
    expect(ran.stdout).toBe("");
  });

  test("trigger says why it was refused", async () => {
    const home = temporaryFolder();
    const server = await serving(home, { MRDATA_WEBHOOK_SECRET: "the-server's" });
    const { code, stderr } = await mrdataHere(["trigger", "incident.triggered", "--home", home], {
      env: { MRDATA_WEBHOOK_SECRET: "another" },
    });
    expect(code).toBe(1);
    expect(stderr).toContain("refused: the signature does not fit the body");
    await server.interrupt();
  });

  test("a file in the home that is no ledger is named", async () => {
    const home = temporaryFolder();
    writeFileSync(join(home, "ledger.sqlite"), "neither SQLite's nor anybody's ".repeat(40));
    const { code, stderr } = await mrdataHere(["explain", "P1", "--home", home]);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`${home}/ledger.sqlite: `)]);
  });

  test("a variable that is wrong is named, and the exit code says that it is not configured", async () => {
    for (const command of [
      ["serve", "--port", "0"],
      ["replay", join(import.meta.dirname, "../../package.json")],
    ]) {
      const { code, stderr } = await mrdataHere([...command, "--home", temporaryFolder()], {
        env: { MRDATA_WINDOW: "five" },
      });
      expect([command[0], code, stderr]).toEqual([
        command[0],
        3,
        "mrdata: the environment is wrong: MRDATA_WINDOW is wrong: 'five' is not a duration: write it like 90s, 30m, 1h or 7d\n",
      ]);
    }
  });

  test("--help of every command shows its options, and exits with 0", async () => {
    const silent = { out() {}, say() {}, progress() {}, bold: String, dim: String };
    const { commands } = await createProgram(silent, {});
    expect(commands.map((command) => command.name())).toEqual(
      expect.arrayContaining(["demo", "serve", "trigger", "replay", "explain"]),
    );
    for (const command of commands) expect(command.helpInformation()).toContain("Options:");
    const { code, stdout } = await mrdata(["explain", "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("--json");
  });
});
