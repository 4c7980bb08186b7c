// npm run chaos [-- --json] [--seed N] [--fault NAME] [--pairs [N]] [--incidents N] [--break N]: see --help.
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { beginningOf } from "./beginning.ts";
import { breaks, nameOfBreak } from "./breaks.ts";
import { nameOfJob, playAll } from "./crew.ts";
import { faultNames, faults } from "./faults.ts";
import type { Job } from "./job.ts";
import type { Judgement, Line } from "./judge.ts";
import { pairsOf } from "./pairs.ts";

const help = `npm run chaos -- [options]

Plays a made-up organisation against the whole bot, on a discrete clock, under one fault after another, and judges
from PagerDuty's own log whether anybody was paged late. Exits 0 only if every promise held.

  --json             one JSON line for each fault, nothing else on standard output (HTTP goes to standard error)
  --seed N           another organisation (default 1)
  --fault NAME       only this fault; may be repeated. A+B: both at once
  --pairs [N]        pairs of faults at once in place of single ones: all of them, or N drawn by the seed
  --incidents N      at least so many incidents under each fault (default 10000; 500 under each pair)
  --http N           and so many over HTTP (default 500; 0: none)
  --break N          break invariant N (1 to 9) or promise P1 to P5 on purpose, with 400 incidents: must exit 1
  --workers N        threads (default: one for each core)
  -h, --help

Faults:
${faults.map(({ name, what }) => `  ${name.padEnd(20)} ${what}`).join("\n")}

Breaks:
${breaks.map(({ invariant, what }) => `  ${nameOfBreak({ invariant }).padEnd(2)}  ${what}`).join("\n")}
`;

const usage = (problem: string): never => {
  process.stderr.write(`${problem}\nnpm run chaos -- --help tells what there is.\n`);
  process.exit(2);
};

/** `--pairs` stands with a number or without. */
const withPairs = (given: readonly string[]): string[] =>
  given.map((one, i) => (one === "--pairs" && !/^\d+$/.test(given[i + 1] ?? "") ? "--pairs=all" : one));

function readArguments() {
  try {
    return parseArgs({
      args: withPairs(process.argv.slice(2)),
      options: {
        json: { type: "boolean", default: false },
        seed: { type: "string", default: "1" },
        fault: { type: "string", multiple: true, default: [] },
        pairs: { type: "string" },
        incidents: { type: "string" },
        http: { type: "string" },
        break: { type: "string" },
        workers: { type: "string", default: String(availableParallelism()) },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error));
  }
}

const values = readArguments();
if (values.help) {
  process.stdout.write(help);
  process.exit(0);
}
const whole = (name: string, text: string, least: number): number =>
  /^\d+$/.test(text) && Number(text) >= least
    ? Number(text)
    : usage(`--${name} is '${text}', and takes a whole number from ${least} on`);
const seed = whole("seed", values.seed, 0);
const workers = whole("workers", values.workers, 1);
for (const name of values.fault.flatMap((one) => one.split("+")))
  if (!faultNames.includes(name)) usage(`there is no fault '${name}': there are ${faultNames.join(", ")}`);
const broken = values.break === undefined ? undefined : brokenOf(values.break);
const pairs = pairsWanted();
const usual = broken !== undefined ? "400" : pairs === null ? "10000" : "500";
const incidents = whole("incidents", values.incidents ?? usual, 1);
const overHttp = whole("http", values.http ?? (broken === undefined && pairs === null ? "500" : "0"), 0);

function pairsWanted(): readonly string[] | null {
  if (values.pairs === undefined) return null;
  if (values.fault.length > 0) usage("--pairs and --fault exclude each other: --fault A+B plays one pair");
  return pairsOf(faultNames, values.pairs === "all" ? null : whole("pairs", values.pairs, 1), seed);
}

function brokenOf(text: string) {
  return (
    breaks.find((one) => nameOfBreak(one) === text) ??
    usage(`--break is '${text}', and there are ${breaks.map(nameOfBreak).join(", ")}`)
  );
}

const started = performance.now();
const say = (line: string): boolean =>
  process.stderr.write(`${((performance.now() - started) / 1_000).toFixed(0).padStart(4)} s  ${line}\n`);

if (broken !== undefined) say(`${nameOfBreak(broken)} is broken on purpose: ${broken.what}`);
const names =
  pairs ?? (values.fault.length > 0 ? values.fault : broken === undefined ? faultNames : [broken.under]);
say("training the champion on the organisation's past");
const beginning = await beginningOf(seed);

const jobs: readonly Job[] = names
  .flatMap((fault) => {
    const job = { fault, seed, broken: broken?.invariant ?? null, beginning };
    return [
      { ...job, incidents, http: false },
      ...(overHttp > 0 ? [{ ...job, incidents: overHttp, http: true }] : []),
    ];
  })
  // The longest first: then no thread is left alone with one at the end.
  .toSorted((a, b) => b.incidents - a.incidents);

const columns: readonly (keyof Line)[] = [
  "incidents",
  "held",
  "pagedAtOnce",
  "worstDelaySeconds",
  "allowedDelaySeconds",
  "worstPageNowSeconds",
  "ackedResolvedOrLowered",
  "doubleNotes",
  "missingDecisions",
  "firstPersonWorstSeconds",
  "selfEscalations",
  "callsPerPage",
];
const row = (cells: readonly string[]): string =>
  cells.map((cell, i) => (i === 0 ? cell.padEnd(34) : cell.padStart(9))).join("");

if (!values.json)
  process.stdout.write(
    `${row(["", "incidents", "held", "paged", "worst", "allowed", "now", "touched", "notes", "missing", "person", "itself", "calls"])}\n`,
  );
let holds = true;
const shares = new Map<Job, number>();
function tellProgress(job: Job, share: number): void {
  if (share - (shares.get(job) ?? 0) < 0.25) return;
  shares.set(job, share);
  say(`${nameOfJob(job)}: ${Math.round(100 * share)} %`);
}
function tellDone(job: Job, { line, violations, decidedBy }: Judgement): void {
  const name = nameOfJob(job);
  const decided = Object.entries(decidedBy).toSorted(([, a], [, b]) => b - a);
  say(`${name}: ${decided.map(([by, count]) => `${count} ${by}`).join(", ")}`);
  if (violations.length > 0) holds = false;
  for (const violation of violations) say(`${name}: ${violation}`);
  const cells = row([name, ...columns.map((column) => String(line[column] ?? "-"))]);
  // One JSON line for each fault: what happened over HTTP stands among what is told beside it.
  if (!values.json) process.stdout.write(`${cells}\n`);
  else if (job.http) say(cells);
  else process.stdout.write(`${JSON.stringify(line)}\n`);
}
try {
  await playAll(jobs, workers, { onDone: tellDone, onProgress: tellProgress });
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  holds = false;
}
say(holds ? "every promise held" : "a promise was broken: see above");
process.exit(holds ? 0 : 1);
