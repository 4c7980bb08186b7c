import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readHistory } from "@mrdata/history";
import {
  backtest,
  backtestFigures,
  certificateOfBacktest,
  lastKnownAt,
  usualCertificateRule,
  usualRule,
  windowTable,
} from "@mrdata/learning";
import { budgetEvidence } from "@mrdata/responder";
import { aside, atMost, type Figure } from "./figure.ts";
import { STEPS, scaleProcess, type Took } from "./scale-process.ts";
import { secondsOf } from "./seconds-of.ts";
import { writeHistory } from "./some-history.ts";

const WINDOW = 30 * 60_000;
const GIGABYTE = 1e9;

/** Runs with a folder that is there for so long. */
async function inFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "mrdata-bench-"));
  try {
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The whole backtest of a history, from the file to the figures: of the one given with `--history=FILE`, else of 4,000
 * incidents of our own making.
 */
export const benchBacktest = (history: string | null): Promise<readonly Figure[]> =>
  inFolder(async (folder) => {
    const file = history ?? join(folder, "history.ndjson");
    if (history === null) await writeHistory(file, 4_000, 1);
    let figures: ReturnType<typeof backtestFigures> | null = null;
    const seconds = await secondsOf(async () => {
      const { incidents } = await readHistory([file]);
      const { scored } = await backtest(incidents, { windowMs: WINDOW, refits: 12, seed: 1, workers: 2 });
      figures = backtestFigures(scored);
      return figures;
    });
    return [atMost("backtest", seconds, "s, 12 refits", 20), ...(figures === null ? [] : aucOf(figures))];
  });

const aucOf = ({ auc, brier }: ReturnType<typeof backtestFigures>): readonly Figure[] => [
  aside("backtest.auc", auc.value, "AUC"),
  aside("backtest.brier", brier.value, "Brier score"),
];

/** Processor time of this process and its threads, seconds. */
async function processorOf<T>(work: () => Promise<T> | T): Promise<readonly [seconds: number, done: T]> {
  const before = process.cpuUsage();
  const done = await work();
  const { user, system } = process.cpuUsage(before);
  return [(user + system) / 1e6, done];
}

/**
 * What six hold windows from one replay cost beside one, and what the certificates and the evidence add: of each refit one
 * certificate on all of the past, which no refit but the last has, and the evidence at each of a thousand real incidents.
 */
export const benchGuarantee = (history: string | null): Promise<readonly Figure[]> =>
  inFolder(async (folder) => {
    const file = history ?? join(folder, "history.ndjson");
    if (history === null) await writeHistory(file, 4_000, 1);
    const { incidents } = await readHistory([file]);
    const how = { refits: REFITS, seed: 1, workers: 2, rule: { ...usualRule, missBudget: 0.1 } };
    const [one, tried] = await processorOf(() => backtest(incidents, { ...how, windowMs: WINDOW }));
    const now = lastKnownAt(tried);
    const [six] = await processorOf(() => windowTable(tried, { ...how, now }));
    const [added] = await processorOf(() => {
      for (let refit = 0; refit < REFITS + 6; refit++)
        certificateOfBacktest(tried, { rule: how.rule, certificate: usualCertificateRule, now });
      const trail = Array.from({ length: 1_000 }, (_, i) => ({
        incident: `P${i}`,
        openedAt: i,
        missed: i % 20 === 0,
      }));
      for (const [i] of trail.entries()) budgetEvidence(trail.slice(0, i + 1), 0.1);
    });
    return [
      atMost("guarantee.windows", (one + six) / one, "of one window", 1.6),
      atMost("guarantee.added", added / one, "of a backtest", 0.05),
    ];
  });

const REFITS = 12;

const SIZES = [125_000, 250_000, 500_000];

/**
 * Reading, importing into a ledger, features and one forest of 100 trees, each size in a process of its own. Growth is of
 * processor time, which others on the machine lengthen less than the clock's.
 */
export const benchScale = (): Promise<readonly Figure[]> =>
  inFolder(async (folder) => {
    const figures: Figure[] = [];
    let before: { readonly size: number; readonly processor: number } | null = null;
    for (const size of SIZES) {
      const file = join(folder, `${size}.ndjson`);
      const home = join(folder, `home-${size}`);
      await writeHistory(file, size, 1);
      const done = scaleProcess(file, home);
      rmSync(file);
      rmSync(home, { recursive: true });
      const sum = (what: keyof Took) => STEPS.reduce((all, step) => all + done[step][what], 0);
      const [seconds, processor] = [sum("seconds"), sum("processor")];
      const name = `scale.${size / 1000}k`;
      const isLargest = size === SIZES.at(-1);
      const memory = done.memory / GIGABYTE;
      figures.push(
        isLargest ? atMost(name, seconds, "s", 180) : aside(name, seconds, "s"),
        ...STEPS.map((step) => aside(`${name}.${step}`, done[step].seconds, "s")),
        aside(`${name}.processor`, processor, "s of processor time"),
        isLargest ? atMost(`${name}.memory`, memory, "GB", 2) : aside(`${name}.memory`, memory, "GB"),
      );
      if (before !== null) {
        // Against n log n from the size before: 1 is as fast as that, a tenth is the machine's own noise.
        const expected = (size * Math.log(size)) / (before.size * Math.log(before.size));
        figures.push(atMost(`${name}.growth`, processor / before.processor / expected, "of n log n", 1.1));
      }
      before = { size, processor };
    }
    return figures;
  });
