// npm run worth [-- --json] [--seed N]: a month of a made-up organisation, what each way of paging would have spared by
// night and which real incidents it would have delayed. Every prediction knew nothing but its own past.
import { createRandom } from "@mrdata/forest";
import { type PastIncident, pastOf, selfResolved, timelineOf } from "@mrdata/incident";
import { backtest, type ScoredIncident, usualRule } from "@mrdata/learning";
import { createOrganisation, historyOf, isNight, syntheticNotice } from "@mrdata/simulator";

const MINUTE = 60_000;
const DAY = 86_400_000;
const WINDOW = 5 * MINUTE;
const TO = Date.parse("2026-03-02T08:00:00Z");
const MONTH = 30 * DAY;
const SAMPLES = 400;

const json = process.argv.includes("--json");
const seed = Number(process.argv[process.argv.indexOf("--seed") + 1]) || 1;

type Row = { readonly spared: boolean; readonly delayed: boolean };
type Way = { readonly way: string; readonly rowOf: (one: ScoredIncident) => Row };

const from = TO - MONTH - 60 * DAY;
process.stderr.write("ninety days of the organisation ...\n");
const organisation = createOrganisation({ seed, from, to: TO, bot: null });
const events = await historyOf(organisation, { seed, from, to: TO });
const history: readonly PastIncident[] = [
  ...Map.groupBy(events, ({ incident }) => incident).values(),
].flatMap((list) => pastOf(timelineOf(list)) ?? []);
const { scored } = await backtest(history, {
  window: WINDOW,
  refits: 4,
  seed,
  rule: usualRule,
  progress: (sentence) => process.stderr.write(`${sentence}\n`),
});
const month = scored.filter(({ incident }) => incident.createdAt >= TO - MONTH);

const held = (hold: (one: ScoredIncident) => boolean) => (one: ScoredIncident) => ({
  spared: hold(one) && one.label === 1 && isNight(one.incident.createdAt),
  delayed: hold(one) && one.label === 0,
});
const delay = (minutes: number) => (one: ScoredIncident) => {
  const spared = selfResolved(one.incident, minutes * MINUTE);
  return { spared: spared && isNight(one.incident.createdAt), delayed: !spared && one.label === 0 };
};
/** The model, held to as many delayed real incidents as the own rate's decisions cost: the surest first. */
const asManyDelayed = month.filter(({ rateHold, label }) => rateHold && label === 0).length;
const real = month.filter(({ label }) => label === 0).toSorted((a, b) => b.probability - a.probability);
const bound = real[asManyDelayed]?.probability ?? 0;

const ways: readonly Way[] = [
  { way: "Mr Data", rowOf: held(({ hold }) => hold) },
  { way: "Mr Data, as many delayed as the own rate", rowOf: held(({ probability }) => probability > bound) },
  { way: "alert type's own rate", rowOf: held(({ rateHold }) => rateHold) },
  { way: "fixed delay of 5 minutes", rowOf: delay(5) },
  { way: "fixed delay of 10 minutes", rowOf: delay(10) },
  { way: "page always", rowOf: () => ({ spared: false, delayed: false }) },
];

/** 95 of 100 bootstrap samples of the month's incidents (Efron 1979), the same draws for every way. */
const random = createRandom(seed);
const draws = Array.from({ length: SAMPLES }, () => month.map(() => random.below(month.length)));
const interval = (values: readonly number[]): readonly [number, number] => {
  const sorted = draws
    .map((draw) => draw.reduce((sum, i) => sum + (values[i] ?? 0), 0))
    .toSorted((a, b) => a - b);
  return [sorted[Math.floor(0.025 * SAMPLES)] ?? 0, sorted[Math.floor(0.975 * SAMPLES)] ?? 0];
};
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const column = ({ rowOf }: Way, name: keyof Row) => month.map((one) => Number(rowOf(one)[name]));

const lines = ways.map((way) => {
  const [spared, delayed] = [column(way, "spared"), column(way, "delayed")];
  return {
    way: way.way,
    incidents: month.length,
    nightPagesSpared: sum(spared),
    nightPagesSparedInterval: interval(spared),
    realDelayed: sum(delayed),
    realDelayedInterval: interval(delayed),
  };
});
const difference = (a: readonly number[], b: readonly number[]) => a.map((value, i) => value - (b[i] ?? 0));
const [, equal, rate] = ways;
const more =
  equal === undefined || rate === undefined
    ? []
    : difference(column(equal, "spared"), column(rate, "spared"));
const [low, high] = interval(more);
const verdict = { more: sum(more), low, high, beyondTheInterval: low > 0 };

if (json) {
  for (const line of lines) process.stdout.write(`${JSON.stringify(line)}\n`);
  process.stdout.write(
    `${JSON.stringify({ comparison: "at as many delayed real incidents", ...verdict })}\n`,
  );
} else {
  for (const line of lines)
    process.stdout.write(
      `${line.way.padEnd(44)}${String(line.nightPagesSpared).padStart(5)} night pages spared (${line.nightPagesSparedInterval.join("–")})   ${String(line.realDelayed).padStart(4)} real incidents delayed (${line.realDelayedInterval.join("–")})\n`,
    );
  process.stdout.write(
    `At as many delayed real incidents Mr Data spares ${verdict.more} night pages more than the own rate (${low} to ${high}).\n`,
  );
}
process.stderr.write(`${syntheticNotice}\n`);
process.exitCode = verdict.beyondTheInterval ? 0 : 1;
