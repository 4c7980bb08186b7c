// A process of its own, so that its memory is its own: reads a history file, makes features of it and grows one forest.

import { trainForest } from "@mrdata/forest";
import { selfResolved } from "@mrdata/incident";
import { detailColumns, replayHistory } from "@mrdata/learning";
import { readHistory } from "../../packages/cli/src/history/read-history.ts";

const WINDOW = 30 * 60_000;
const [file = ""] = process.argv.slice(2);

const start = performance.now();
const { incidents } = await readHistory([file]);
const read = performance.now();
const { incidents: opened, columns } = replayHistory(incidents, WINDOW, detailColumns(incidents, WINDOW));
const featured = performance.now();
const labels = Uint8Array.from(opened, (incident) => (selfResolved(incident, WINDOW) ? 1 : 0));
await trainForest({ columns, labels }, { trees: 100, seed: 1, workers: 1 });
const seconds = (from: number, to: number) => (to - from) / 1000;
const done = {
  read: seconds(start, read),
  features: seconds(read, featured),
  forest: seconds(featured, performance.now()),
  columns: columns.length,
  /** The most that was there at once, bytes. */
  memory: 1024 * process.resourceUsage().maxRSS,
};
process.stdout.write(`${JSON.stringify(done)}\n`);
