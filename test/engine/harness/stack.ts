import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { stringify } from "yaml";
import { keptCode } from "../../support/kept-code.ts";
import type { LanguageHost } from "./language-host.ts";

const require = createRequire(join(import.meta.dirname, "../../../infra/package.json"));
/** `pulumi-resource-pulumi-nodejs`, which runs dynamic resources, is a script in the SDK's package. */
const SDK = dirname(require.resolve("@pulumi/pulumi/package.json"));

const PASSPHRASE = "passphrase of the engine tests";

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

export type Stack = {
  readonly name: string;
  readonly home: string;
  /** Runs the CLI on this stack. */
  pulumi(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  /** As `pulumi`, and throws with all that was printed unless it ends well. */
  must(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  /** Starts the CLI and leaves it running. */
  start(args: readonly string[]): { readonly process: ChildProcess; readonly ended: Promise<Ended> };
  /** Replaces the whole configuration; secrets are encrypted by the CLI. */
  configure(
    config: Readonly<Record<string, string>>,
    secrets?: Readonly<Record<string, string>>,
  ): Promise<void>;
};

export type StackOptions = {
  readonly name: string;
  readonly binary: string;
  /** Where Pulumi.yaml is. */
  readonly folder: string;
  /** For Pulumi's own files, the state among them. */
  readonly home: string;
  readonly host: LanguageHost;
  /** Port of the provider of `gcp`. */
  readonly provider: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the CLI keeps its log of each command, with all that it sends and gets, which is a quarter of its work. */
  readonly logs: boolean;
};

/** A stack with a file backend in `home`; nothing outside of `home` and `folder` is touched. */
export async function openStack(options: StackOptions): Promise<Stack> {
  const { name, binary, folder, home } = options;
  const state = join(home, "state");
  mkdirSync(state, { recursive: true });
  mkdirSync(join(home, "pulumi"), { recursive: true });
  // Where a file is in the place of its folder, the CLI does without.
  if (!options.logs) writeFileSync(join(home, "pulumi/logs"), "");
  const base: Readonly<Record<string, string>> = {
    PATH: [dirname(process.execPath), SDK, process.env.PATH ?? ""].join(delimiter),
    HOME: home,
    PULUMI_HOME: join(home, "pulumi"),
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
    PULUMI_SKIP_UPDATE_CHECK: "1",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "1",
    PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "1",
    PULUMI_DEBUG_LANGUAGES: `nodejs:${options.host.port}`,
    PULUMI_DEBUG_PROVIDERS: `gcp:${options.provider}`,
    PULUMI_GCP_SKIP_REGION_VALIDATION: "true",
    GOOGLE_OAUTH_ACCESS_TOKEN: "any",
    METADATA_SERVER_DETECTION: "none",
    NO_COLOR: "1",
    // Memory is there, and collecting garbage is a tenth of what the CLI does.
    GOGC: "400",
    ...keptCode,
    ...options.env,
  };
  const start = (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const all = [...args, "--stack", name, "--non-interactive", "--color=never"];
    const child = spawn(binary, all, {
      cwd: folder,
      env: { ...base, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    const ended = new Promise<Ended>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, stdout, stderr }));
    });
    return { process: child, ended };
  };
  const pulumi: Stack["pulumi"] = (args, env) => start(args, env).ended;
  const must: Stack["must"] = async (args, env) => {
    const done = await pulumi(args, env);
    if (done.code !== 0)
      throw new Error(
        `pulumi ${args.join(" ")} ended with ${done.code}:\n${done.stdout}${done.stderr}\n${options.host.output().slice(-2_000)}`,
      );
    return done;
  };
  const file = join(folder, `Pulumi.${name}.yaml`);
  await must(["stack", "init", name, "--secrets-provider=passphrase"].filter((arg) => arg !== name));
  return {
    name,
    home,
    pulumi,
    must,
    start,
    async configure(config, secrets = {}) {
      // The salt that goes with the passphrase is written once, by the CLI, and kept in the file.
      const salt = await saltOf(file);
      writeFileSync(file, stringify({ ...salt, config }));
      const pairs = Object.entries(secrets).flatMap(([key, value]) => ["--secret", `${key}=${value}`]);
      if (pairs.length > 0) await must(["config", "set-all", ...pairs]);
    },
  };
}

async function saltOf(file: string): Promise<{ readonly encryptionsalt?: string }> {
  const { existsSync, readFileSync } = await import("node:fs");
  if (!existsSync(file)) return {};
  const salt = /^encryptionsalt: (.+)$/m.exec(readFileSync(file, "utf8"))?.[1];
  return salt === undefined ? {} : { encryptionsalt: salt };
}
