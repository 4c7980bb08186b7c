// npm run bench [-- --json] [-- --history=FILE] [-- --compare REV] [-- NAME ...]: measures side by side in one run. A missed
// goal is shown; it fails nothing. With --compare each is measured in a copy of that revision, too, in turns.
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Figure } from "./figure.ts";

type Benchmark = { readonly names: readonly string[]; readonly run: () => Promise<readonly Figure[]> };

/** `history`: a file for `backtest` and `guarantee`, instead of one of our own making. */
const { values, positionals: wanted } = parseArgs({
  options: { json: { type: "boolean" }, history: { type: "string" }, compare: { type: "string" } },
  allowPositionals: true,
});
const { json = false } = values;

/** Each in a module of its own, loaded when it is its turn, so that none carries another's memory. */
const benchmarks: readonly Benchmark[] = [
  {
    names: ["receive.throughput", "receive.p99"],
    run: async () => (await import("./receive.ts")).benchReceive(),
  },
  { names: ["embedded.latency"], run: async () => (await import("./embedded.ts")).benchLatency() },
  { names: ["embedded.burst"], run: async () => (await import("./embedded.ts")).benchBurst() },
  { names: ["scale.hour"], run: async () => (await import("./scale.ts")).benchScale() },
  { names: ["emulator.burst"], run: async () => (await import("./emulator.ts")).benchEmulatorBurst() },
  {
    names: ["cold.receive", "cold.respond", "cold.record"],
    run: async () => (await import("./cold.ts")).benchCold(),
  },
  {
    names: ["respond.latency"],
    run: async () => (await import("./respond.ts")).benchRespondLatency(),
  },
  {
    names: ["respond.compute"],
    run: async () => (await import("./respond.ts")).benchRespondCompute(),
  },
  { names: ["storm.2000"], run: async () => (await import("./storm.ts")).benchStorm() },
  { names: ["forest.fit", "boosting.fit"], run: async () => (await import("./learner.ts")).benchFit() },
  { names: ["retrain.20k"], run: async () => (await import("./retrain.ts")).benchRetrain() },
  {
    names: ["retrain.workers", "retrain.plan"],
    run: async () => (await import("./retrain.ts")).benchRetrainWorkers(),
  },
  { names: ["tickets"], run: async () => (await import("./tickets.ts")).benchTickets() },
  {
    names: ["components"],
    run: async () => (await import("./components.ts")).benchComponents(values.history ?? null),
  },
  { names: ["row.score"], run: async () => (await import("./learner.ts")).benchScore() },
  {
    names: ["backtest"],
    run: async () => (await import("./history.ts")).benchBacktest(values.history ?? null),
  },
  {
    names: ["guarantee.windows", "guarantee.added"],
    run: async () => (await import("./history.ts")).benchGuarantee(values.history ?? null),
  },
  { names: ["scale.import"], run: async () => (await import("./scale-import.ts")).benchImport() },
  {
    names: ["scale.125k", "scale.250k", "scale.500k"],
    run: async () => (await import("./history.ts")).benchScale(),
  },
  {
    names: ["infra.start", "infra.preview", "infra.state"],
    run: async () => (await import("./infra.ts")).benchInfra(),
  },
  {
    names: ["cli.start"],
    run: async () => (await import("./cli-start.ts")).benchCliStart(),
  },
  { names: ["start.second"], run: async () => (await import("./start.ts")).benchStart() },
  { names: ["infra.bundle"], run: async () => (await import("./infra.ts")).benchInfraBundle() },
];

const chosen = benchmarks.filter(
  ({ names }) => wanted.length === 0 || wanted.some((word) => names.some((name) => name.startsWith(word))),
);
if (chosen.length === 0) {
  process.stderr.write(
    `no such benchmark; there are: ${benchmarks.flatMap(({ names }) => names).join(", ")}\n`,
  );
  process.exit(2);
}
if (values.compare !== undefined) {
  const { compareWith } = await import("./compare.ts");
  const options = values.history === undefined ? [] : [`--history=${resolve(values.history)}`];
  const names = chosen.map(({ names: [name = ""] }) => name);
  for (const one of compareWith(values.compare, names, options))
    process.stdout.write(
      json
        ? `${JSON.stringify(one)}\n`
        : `${one.name.padEnd(34)}${String(one.before).padStart(10)}${String(one.now).padStart(12)} ${one.unit}   ratio ${one.ratio ?? "–"}\n`,
    );
  process.exit(0);
}
const missed: Figure[] = [];
for (const { names, run } of chosen) {
  process.stderr.write(`measuring ${names.join(", ")} ...\n`);
  for (const figure of await run()) {
    if (figure.holds === false) missed.push(figure);
    const mark = figure.holds === null ? " " : figure.holds ? "+" : "!";
    const goal = figure.goal === null ? "" : `   goal ${figure.goal}`;
    process.stdout.write(
      json
        ? `${JSON.stringify(figure)}\n`
        : `${mark} ${figure.name.padEnd(34)}${String(figure.value).padStart(10)} ${figure.unit}${goal}\n`,
    );
  }
}
process.stderr.write(
  missed.length === 0 ? "every goal holds\n" : `missed: ${missed.map(({ name }) => name).join(", ")}\n`,
);
