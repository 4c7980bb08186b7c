import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { describe, expect } from "vitest";
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

describe("README, Deploy", () => {
  const commands = commandsOf(readFileSync(join(root, "README.md"), "utf8"));

  engineTest("leads from a clone to a plan in at most six commands, word by word", async () => {
    expect(commands.length).toBeGreaterThan(3);
    expect(commands.length).toBeLessThanOrEqual(6);
    if (!engine.available) return;
    const project = copyProject();
    const doubles = await startDoubles();
    const home = mkdtempSync(join(tmpdir(), "mrdata-readme-"));
    try {
      for (const path of ["scripts", "Pulumi.example.yaml"])
        cpSync(join(root, path), join(project.folder, path), { recursive: true });
      symlinkSync(join(root, "runtime"), join(project.folder, "runtime"));
      const bin = join(home, "bin");
      mkdirSync(bin);
      if (engine.binary !== "pulumi") symlinkSync(engine.binary, join(bin, "pulumi"));
      const { code, output } = await type(commands, project.folder, {
        PATH: [bin, dirname(require.resolve("@pulumi/pulumi/package.json")), process.env.PATH ?? ""].join(
          delimiter,
        ),
        HOME: home,
        npm_config_update_notifier: "false",
        PULUMI_SKIP_UPDATE_CHECK: "1",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "1",
        PULUMI_DEBUG_LANGUAGES: `nodejs:${doubles.host.port}`,
        PULUMI_DEBUG_PROVIDERS: `gcp:${doubles.provider.port}`,
        PULUMI_GCP_SKIP_REGION_VALIDATION: "true",
        GOOGLE_OAUTH_ACCESS_TOKEN: "any",
      });
      expect(code, output).toBe(0);
      expect(output).toMatch(/\+ \d+ to create/);
      expect(output).toContain("respond-function");
      // Whatever was asked of the cloud, nothing was made.
      expect(doubles.cloud.done).toEqual([]);
    } finally {
      await doubles.close();
      project.remove();
      rmSync(home, { recursive: true, force: true });
    }
  });
});
