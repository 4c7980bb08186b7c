// npm run worth [-- --seeds N] [--budget SHARE]: three ways to choose a threshold on made-up histories, twenty unless told. Exits 0 only if
// the certified one spared something and broke its promise with no more seeds than chance allows.
// npm run worth -- --censored: three ways to learn from what people closed within the window, where some of it was real.
// npm run worth -- --month [--seed N]: a month of a made-up organisation with the bot armed, what it spared by night and
// which real incidents it delayed, beside the other ways of paging. Exits 0 only if it beat the alert type's own rate.
// --json with any of them: a line of JSON for each row.
import { syntheticNotice } from "@mrdata/simulator";
import { armedMonth } from "./armed-month.ts";
import { compareCensored } from "./censored.ts";
import { compare } from "./compare.ts";
import { compareRules, promiseKept, rulesTable } from "./rules.ts";

const json = process.argv.includes("--json");
const seed = Number(process.argv[process.argv.indexOf("--seed") + 1]) || 1;
const say = (sentence: string) => process.stderr.write(`${sentence}\n`);

const optionOf = (name: string, usual: number): number =>
  Number(process.argv[process.argv.indexOf(name) + 1]) || usual;

if (process.argv.includes("--censored")) {
  for (const row of await compareCensored({ count: 1_000, seeds: [1, 2], refits: 2, trees: 10 }))
    process.stdout.write(
      json
        ? `${JSON.stringify(row)}\n`
        : `${row.way.padEnd(10)} Brier score ${row.brier.toFixed(3)} of what is known   ${(100 * row.pagesSpared).toFixed(1)} % of pages spared   ${row.heldOfThem} of ${row.fixedInTime} real faults held that people fixed in time\n`,
    );
  process.exit(0);
}

if (!process.argv.includes("--month")) {
  const seeds = Array.from({ length: optionOf("--seeds", 20) }, (_, i) => i + 1);
  const budget = optionOf("--budget", 0.1);
  const all = await compareRules({ seeds, budget, days: 60, refits: 3, workers: 2, progress: say });
  const table = rulesTable(all);
  for (const row of table)
    process.stdout.write(
      json
        ? `${JSON.stringify(row)}\n`
        : `${row.way.padEnd(12)}${(100 * row.pagesSpared).toFixed(1).padStart(6)} % of pages spared   ${(100 * row.realDelayedOfReal).toFixed(1).padStart(5)} % of the real ones delayed   more than the budget with ${row.brokenSeeds} of ${row.seeds} seeds\n`,
    );
  process.exit(promiseKept(table) ? 0 : 1);
}

const { lived, threshold, learntFrom, disarmings, armings } = await armedMonth({ seed, progress: say });
const { lines, verdict, behindRails } = compare(lived, seed);
const held = lived.filter((one) => one.held).length;

if (json) {
  for (const line of lines) process.stdout.write(`${JSON.stringify(line)}\n`);
  process.stdout.write(
    `${JSON.stringify({ comparison: "at as many delayed real incidents", ...verdict, behindRails, held, threshold, disarmings, armings })}\n`,
  );
} else {
  for (const line of lines)
    process.stdout.write(
      `${line.way.padEnd(54)}${String(line.nightPagesSpared).padStart(5)} night pages spared (${line.nightPagesSparedInterval.join("–")})   ${String(line.realDelayed).padStart(4)} real incidents delayed (${line.realDelayedInterval.join("–")})\n`,
    );
  process.stdout.write(
    `At as many delayed real incidents Mr Data spares ${verdict.more} night pages more than the own rate (${verdict.low} to ${verdict.high}), and ${behindRails.more} more than the own rate behind its guard rails (${behindRails.low} to ${behindRails.high}).\n`,
  );
}
say(
  `It had learnt from ${learntFrom} incidents, held ${held} of ${lived.length}, disarmed itself ${disarmings} times and was armed ${armings} times.`,
);
const by = Map.groupBy(lived, ({ prediction }) => prediction?.decidedBy ?? "nobody");
say([...by].map(([name, list]) => `${list.length} ${name}`).join(", "));
say(syntheticNotice);
process.exitCode = verdict.beyondTheInterval ? 0 : 1;
