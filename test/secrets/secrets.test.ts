import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import { type EngineStack, openEngineStack } from "../engine/support/engine-stack.ts";
import { engine, engineTest } from "../engine/support/engine-test.ts";
import { stacks } from "../plan/stacks.ts";
import { leaksOf, madeByPagerDuty, planted } from "./leaks.ts";

const everything: Readonly<Record<string, string>> = stacks.everything;
let on: EngineStack;

/** All that Pulumi printed and wrote, by what it is. */
const seen = new Map<string, string>();

beforeAll(async () => {
  if (!engine.available) return;
  on = await openEngineStack("everything", engine.binary, { checkpoints: "each" });
  await on.configure({ ...everything, ...on.addresses });
  const keep = async (what: string, args: readonly string[]) => {
    const { stdout, stderr } = await on.stack.must(args);
    seen.set(what, stdout + stderr);
  };
  const plan = join(on.stack.home, "plan.json");
  await keep("preview --diff", ["preview", "--diff", "--save-plan", plan]);
  seen.set("the saved plan", readFileSync(plan, "utf8"));
  await keep("preview --json", ["preview", "--json"]);
  await keep("up", ["up", "--yes", "--skip-preview", "--diff"]);
  await keep("stack export", ["stack", "export"]);
  await keep("stack output --json", ["stack", "output", "--json"]);
  await keep("config", ["config", "--json"]);
  seen.set("what the program and its host wrote", on.host.output());
});
afterAll(async () => {
  if (engine.available) await on.remove();
});

/** The files below a folder, with what is in them. */
const filesIn = (folder: string): readonly (readonly [string, string])[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => [file, readFileSync(file, "latin1")]);

engineTest("a planted secret is found in every shape that it is searched for in", async () => {
  const [secret = ""] = planted;
  const texts: (readonly [string, string])[] = [
    ["plain", `token=${secret}`],
    ["base64", Buffer.from(`ab${secret}cdef`).toString("base64")],
    ["hex", Buffer.from(secret).toString("hex")],
    ["nothing", "ciphertext"],
  ];
  expect(leaksOf([secret], texts)).toEqual(["plain", "base64", "hex"].map((what) => `${what}: ${secret}`));
});

engineTest("no secret is in anything that Pulumi prints, nor the one that PagerDuty made", async () => {
  const secrets = [...planted, await madeByPagerDuty(on.stack)];
  expect(secrets.every((secret) => secret.length >= 16)).toBe(true);
  expect(seen.size).toBe(8);
  for (const what of ["preview --diff", "the saved plan", "preview --json", "up", "stack export"])
    expect(seen.get(what)).toContain("webhook-subscription");
  expect(leaksOf(secrets, seen)).toEqual([]);
});

engineTest(
  "in the backend's files, the stack's settings and the reviewed plans they are ciphertext or nothing",
  async () => {
    const secrets = [...planted, await madeByPagerDuty(on.stack)];
    const files = [
      ...filesIn(join(on.stack.home, "state")),
      ...filesIn(join(import.meta.dirname, "../golden")),
      [
        "Pulumi.everything.yaml",
        readFileSync(join(on.project.folder, "Pulumi.everything.yaml"), "latin1"),
      ] as const,
    ];
    expect(files.some(([file]) => file.includes("stacks") && file.endsWith("everything.json"))).toBe(true);
    expect(files.some(([, text]) => text.includes("ciphertext") || text.includes("secure:"))).toBe(true);
    expect(leaksOf(secrets, files)).toEqual([]);
    // The deployed functions are given them all the same.
    const values = [...on.cloud.resources.values()].map(({ props }) => String(props.secretData ?? ""));
    expect(values.some((value) => value.includes(planted[2] ?? "?"))).toBe(true);
  },
);
