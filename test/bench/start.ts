import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { childSeconds } from "./child-seconds.ts";
import { aside, type Figure } from "./figure.ts";

const main = join(import.meta.dirname, "../../packages/cli/src/main.ts");

/**
 * `npm start` where everything is installed, as it is the second time: by the clock, and of processor time in all threads. There
 * is no goal for seconds, which machines differ in: `--compare REV` says what part of another revision's it takes.
 */
export async function benchStart(): Promise<readonly Figure[]> {
  const before = { clock: performance.now(), processor: childSeconds() };
  const ran = spawnSync(process.execPath, [main, "demo", "--json"], { encoding: "utf8", maxBuffer: 1e8 });
  if (ran.status !== 0) throw new Error(`the start ended with ${ran.status}:\n${ran.stderr}`);
  return [
    aside("start.second", (performance.now() - before.clock) / 1000, "s"),
    aside("start.second.processor", childSeconds() - before.processor, "s of processor time"),
  ];
}
