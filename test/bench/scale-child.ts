// A process of its own, so that its memory is its own: reads a history file and takes it into a ledger as `mrdata import`
// does, makes features of it and grows one forest.

import { trainForest } from "@mrdata/forest";
import { readHistory } from "@mrdata/history";
import { selfResolved } from "@mrdata/incident";
import { detailColumns, replayHistory } from "@mrdata/learning";
import { intoLedger } from "../../packages/cli/src/history/into-ledger.ts";
import { openOrCreateTarget } from "../../packages/cli/src/target.ts";
import { processTerminal } from "../../packages/cli/src/terminal.ts";

const WINDOW = 30 * 60_000;
const [file = "", home = ""] = process.argv.slice(2);

/** Seconds by the clock, and of processor time in all threads: what others do to the machine meanwhile is not in these. */
type Took = { readonly seconds: number; readonly processor: number };

async function timed<T>(work: () => Promise<T> | T): Promise<readonly [T, Took]> {
  const from = { clock: performance.now(), processor: process.cpuUsage() };
  const result = await work();
  const { user, system } = process.cpuUsage(from.processor);
  return [result, { seconds: (performance.now() - from.clock) / 1000, processor: (user + system) / 1e6 }];
}

const [{ incidents }, read] = await timed(() => readHistory([file]));
const [, imported] = await timed(async () => {
  const target = { kind: "local", directory: home } as const;
  const ledger = await openOrCreateTarget(target, process.env).ledger();
  await intoLedger(ledger, incidents, target, WINDOW, processTerminal());
  await ledger.close();
});
const [{ incidents: opened, columns }, features] = await timed(() =>
  replayHistory(incidents, WINDOW, detailColumns(incidents, WINDOW)),
);
const labels = Uint8Array.from(opened, (incident) => (selfResolved(incident, WINDOW) ? 1 : 0));
const [, forest] = await timed(() => trainForest({ columns, labels }, { trees: 100, seed: 1, workers: 1 }));
const done = {
  read,
  import: imported,
  features,
  forest,
  /** The most that was there at once, bytes. */
  memory: 1024 * process.resourceUsage().maxRSS,
};
process.stdout.write(`${JSON.stringify(done)}\n`);
