// npm run screenshots [-- --home DIR]: the pictures of README, from the simulated organisation's night; --home takes a night that
// 'npm start -- --home DIR' left.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { run } from "@mrdata/cli";
import { readReport } from "@mrdata/functions";
import type { Ledger } from "@mrdata/platform";
import { type ReportData, reportPage } from "@mrdata/report";
import { withHomeLedger } from "../../support/home-ledger.ts";
import { chromiumPath, NO_CHROMIUM, openChromium, show } from "./chromium.ts";

const folder = join(import.meta.dirname, "../../../docs/images");
const DAY_MS = 86_400_000;

/** A moment of the night at which something is held: the middle of its longest hold. */
async function momentOf(ledger: Ledger): Promise<number> {
  const holds = (await ledger.predictions({ limit: 10_000 })).flatMap(({ openedAt, holdUntil, ended }) =>
    holdUntil === null ? [] : [{ openedAt, end: ended?.at ?? holdUntil }],
  );
  const longest = holds.toSorted((a, b) => b.end - b.openedAt - (a.end - a.openedAt))[0];
  if (longest === undefined) throw new Error("nothing was held in this night: take another --seed");
  return Math.round((longest.openedAt + longest.end) / 2);
}

async function reportOf(home: string): Promise<ReportData> {
  return withHomeLedger(home, async (ledger) =>
    readReport(ledger, {
      now: await momentOf(ledger),
      spanMs: 7 * DAY_MS,
      timeZone: "UTC",
      windowMs: 300_000,
      retrain: 7 * DAY_MS,
    }),
  );
}

async function playNight(home: string): Promise<void> {
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const terminal = { out: say, say, progress: () => {}, bold: String, dim: String };
  const code = await run(["demo", "--home", home], terminal, process.env);
  if (code !== 0) throw new Error(`the night ended with ${code}`);
}

const pictures = [
  { name: "report.png", width: 1120, height: 1180, colorScheme: "light" },
  { name: "report-phone-dark.png", width: 390, height: 844, colorScheme: "dark" },
] as const;

async function takeAll(data: ReportData, chromium: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const browser = await openChromium(chromium);
  try {
    for (const { name, width, height, colorScheme } of pictures) {
      const page = await browser.newPage({ viewport: { width, height }, colorScheme });
      await show(page, reportPage(data));
      await page.screenshot({ path: join(folder, name) });
      process.stdout.write(`docs/images/${name}\n`);
      await page.close();
    }
  } finally {
    await browser.close();
  }
}

const { values } = parseArgs({ options: { home: { type: "string" } } });
const chromium = chromiumPath();
if (chromium === null) throw new Error(NO_CHROMIUM);
const made = values.home === undefined ? mkdtempSync(join(tmpdir(), "mrdata-screenshots-")) : null;
try {
  if (made !== null) await playNight(join(made, "home"));
  await takeAll(await reportOf(values.home ?? join(made ?? "", "home")), chromium);
} finally {
  if (made !== null) rmSync(made, { recursive: true, force: true });
}
