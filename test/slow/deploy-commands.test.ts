import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { copyProject } from "../engine/harness/project-copy.ts";
import { startDoubles } from "../engine/support/doubles.ts";
import { engine, engineTest } from "../engine/support/engine-test.ts";

const root = join(import.meta.dirname, "../..");
const require = createRequire(join(root, "infra/package.json"));

/** The commands of the README's section Deploy, word by word. */
function commandsOf(readme: string): readonly string[] {
  const [, section = ""] = readme.split("\n## Deploy\n");
  const [, block = ""] = /```sh\n([\s\S]*?)```/.exec(section) ?? [];
  return block.trim().split("\n");
}

/** Runs lines in one shell, as somebody types them, and answers with what each printed; stops at the first that fails. */
function type(
  lines: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn("bash", ["-e"], { cwd, env, stdio: ["pipe", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      output += chunk;
    });
  // What reads its input must not read the lines that follow.
  child.stdin.end(`{ ${lines.join("\n")}\n} < /dev/null\n`);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}

/** `gcloud` as far as the README needs it: what was done leaves a file of its name. Its own log-in is not the one of applications. */
const GCLOUD = `#!/bin/sh
case "$*" in
  "auth login") touch "$HOME/account" ;;
  "auth application-default login") touch "$HOME/logged-in" ;;
  "services enable cloudresourcemanager.googleapis.com --project my-project-id")
    if [ ! -e "$HOME/account" ]; then
      echo "ERROR: (gcloud.services.enable) You do not currently have an active account selected." >&2; exit 1
    fi
    touch "$HOME/resource-manager" ;;
  *) echo "this gcloud was not taught: $*" >&2; exit 2 ;;
esac
`;

type Typed = { readonly code: number | null; readonly output: string; readonly made: readonly unknown[] };

/** Types these lines in a clone, on a machine where nobody is logged in and in a project where nothing is on. */
async function typed(lines: readonly string[], pulumi: string | null): Promise<Typed> {
  const project = copyProject();
  const doubles = await startDoubles();
  const home = mkdtempSync(join(tmpdir(), "mrdata-readme-"));
  const { cloud } = doubles;
  cloud.projectNumbers.set("my-project-id", "123456789012");
  Object.defineProperties(cloud, {
    loggedIn: { get: () => existsSync(join(home, "logged-in")) },
    resourceManager: { get: () => existsSync(join(home, "resource-manager")) },
  });
  try {
    for (const path of ["scripts", "Pulumi.example.yaml"])
      cpSync(join(root, path), join(project.folder, path), { recursive: true });
    symlinkSync(join(root, "runtime"), join(project.folder, "runtime"));
    const bin = join(home, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "gcloud"), GCLOUD, { mode: 0o755 });
    if (pulumi !== null && pulumi !== "pulumi") symlinkSync(pulumi, join(bin, "pulumi"));
    const { code, output } = await type(lines, project.folder, {
      PATH: [
        bin,
        dirname(require.resolve("@pulumi/pulumi/package.json")),
        ...(process.env.PATH ?? "")
          .split(delimiter)
          .filter((folder) => pulumi !== null || !existsSync(join(folder, "pulumi"))),
      ].join(delimiter),
      HOME: home,
      npm_config_update_notifier: "false",
      PULUMI_SKIP_UPDATE_CHECK: "1",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "1",
      PULUMI_DEBUG_LANGUAGES: `nodejs:${doubles.host.port}`,
      PULUMI_DEBUG_PROVIDERS: `gcp:${doubles.provider.port}`,
      PULUMI_GCP_SKIP_REGION_VALIDATION: "true",
    });
    return { code, output, made: [...cloud.done] };
  } finally {
    await doubles.close();
    project.remove();
    rmSync(home, { recursive: true, force: true });
  }
}

describe("README, Deploy", () => {
  const commands = commandsOf(readFileSync(join(root, "README.md"), "utf8"));
  const without = (start: string) => commands.filter((line) => !line.startsWith(start));

  engineTest("leads from a clone to a plan in at most eight commands, word by word", async () => {
    expect(commands.length).toBeGreaterThan(5);
    expect(commands.length).toBeLessThanOrEqual(8);
    if (!engine.available) return;
    const { code, output, made } = await typed(commands, engine.binary);
    expect(code, output).toBe(0);
    expect(output).toMatch(/\+ \d+ to create/);
    expect(output).toContain("respond-function");
    // Whatever was asked of the cloud, nothing was made.
    expect(made).toEqual([]);
  });

  engineTest("whoever skips the log-in is told of it, before the provider says it its own way", async () => {
    if (!engine.available) return;
    const isForPulumi = " && gcloud auth application-default login";
    const { code, output, made } = await typed(
      commands.map((line) => line.replace(isForPulumi, "")),
      engine.binary,
    );
    expect(code, output).not.toBe(0);
    const ours = output.indexOf(
      "Nobody is logged in to Google Cloud here: gcloud auth application-default login",
    );
    const theirs = output.indexOf("failed to load application credentials");
    expect(ours, output).toBeGreaterThan(-1);
    if (theirs !== -1) expect(ours).toBeLessThan(theirs);
    expect(made).toEqual([]);
  });

  engineTest("whoever skips the API that enables the others is told of it", async () => {
    if (!engine.available) return;
    const { code, output, made } = await typed(without("gcloud services"), engine.binary);
    expect(code, output).not.toBe(0);
    expect(output).toContain(
      "gcloud services enable cloudresourcemanager.googleapis.com --project my-project-id",
    );
    expect(output).not.toMatch(/^\s+at .*[:(]/m);
    expect(made).toEqual([]);
  });

  test("without Pulumi it says where to get it", async () => {
    const { code, output } = await typed(commands, null);
    expect(code, output).not.toBe(0);
    expect(output).toContain("https://www.pulumi.com/docs/install");
  });
});
