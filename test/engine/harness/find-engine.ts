import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** The version that is built where none is installed: the newest whose Go module can be had everywhere. */
export const ENGINE_VERSION = "3.259.0";
export const builtEngine = join(import.meta.dirname, `../../../.tools/pulumi-${ENGINE_VERSION}/pulumi`);

export type FoundEngine =
  | { readonly available: true; readonly binary: string }
  | { readonly available: false; readonly reason: string; readonly command: string };

/** The Pulumi CLI that the tests drive: the one on PATH if it is no older than ours, else the one that was built. */
export function findEngine(): FoundEngine {
  if (fits(versionOf("pulumi"))) return { available: true, binary: "pulumi" };
  if (existsSync(builtEngine)) return { available: true, binary: builtEngine };
  return {
    available: false,
    reason: `no Pulumi CLI ${ENGINE_VERSION} or newer`,
    command: "npm run engine",
  };
}

function versionOf(binary: string): string {
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "1" };
  return spawnSync(binary, ["version"], { encoding: "utf8", env }).stdout ?? "";
}

/** Of the same major version, and no older. */
export function fits(version: string): boolean {
  const [, ...parts] = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version.trim()) ?? [];
  const [major = 0, minor = 0] = parts.map(Number);
  const [wanted = 0, least = 0] = ENGINE_VERSION.split(".").map(Number);
  return major === wanted && minor >= least;
}
