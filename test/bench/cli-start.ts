import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packCli } from "../../scripts/package/pack-cli.ts";
import { withHomeLedger } from "../support/home-ledger.ts";
import { childSeconds } from "./child-seconds.ts";
import { aside, atMost, type Figure, median } from "./figure.ts";

const ROUNDS = 9;
const main = join(import.meta.dirname, "../../packages/cli/src/main.ts");

/** Processor time of one command from spawn to end, seconds, whatever it ends with. */
function processorSeconds(command: readonly string[], env: Readonly<Record<string, string>>): number {
  const before = childSeconds();
  spawnSync(process.execPath, command, { env: { PATH: process.env.PATH ?? "", ...env } });
  return childSeconds() - before;
}

/** What commands cost before they do anything, as they are installed and as they run from the sources. */
export async function benchCliStart(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "mrdata-start-"));
  const home = join(folder, "home");
  try {
    await packCli(folder);
    mkdirSync(home);
    await withHomeLedger(home, async () => {});
    const installed = join(folder, "package/bin/mrdata.mjs");
    const env = { NODE_COMPILE_CACHE: join(folder, "compiled"), METADATA_SERVER_DETECTION: "none" };
    const took = (file: string, args: readonly string[]) => {
      const rounds = Array.from({ length: ROUNDS }, () => processorSeconds([file, ...args], env));
      // The first fills the cache.
      return median(rounds.slice(1));
    };
    const status = ["status", "--home", home];
    return [
      atMost("cli.start", took(installed, status), "s of processor time, status", 0.3),
      atMost("cli.start.version", took(installed, ["--version"]), "s of processor time", 0.3),
      atMost("cli.start.help", took(installed, ["--help"]), "s of processor time", 0.3),
      aside("cli.start.sources", took(main, status), "s of processor time, status"),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
