import { defaultSettings, type Ledger, type Settings } from "@mrdata/platform";
import type { Result } from "@mrdata/responder";
import { countsOf, type DecisionRow, rowOf } from "../decisions/ledger-of-decisions.ts";
import { type AskPorts, askChampion, readPast } from "./ask-champion.ts";

/** Incidents that predate the bot, with the champion's hypothetical decisions. The keys are those of `--json`. */
export type Imported = {
  readonly model: string;
  /** Why there are no predictions; null if there are. */
  readonly refused: string | null;
  /** Number of incidents in the period without a decision; `rows` has the latest of these. */
  readonly count: number;
  /** Newest first. */
  readonly rows: readonly DecisionRow[];
  readonly counts: Readonly<Record<Result, number>>;
  /** How many of the rows were in the champion's training data. */
  readonly learntFrom: number;
};

export type ImportedOptions = {
  readonly since: number;
  readonly service?: string | undefined;
  readonly now: number;
  readonly windowMs: number;
  readonly settings: Settings | null;
  readonly progress: (sentence: string) => void;
};

/** More are not shown; `mrdata backtest` covers them all. */
const MAX_ROWS = 1_000;

/** Reads the incidents that opened since a moment and have no decision, with the champion's predictions. */
export async function readImported(
  {
    ledger,
    models,
  }: Pick<AskPorts, "models"> & {
    readonly ledger: Pick<Ledger, "pastIncidents" | "predictions" | "incident"> & AskPorts["ledger"];
  },
  { since, service, now, windowMs, settings, progress }: ImportedOptions,
): Promise<Imported> {
  const decided = await ledger.predictions({ limit: 100_000, since });
  const past = await readPast(ledger, progress);
  const known = new Set(decided.map(({ incident }) => incident));
  const undecided = past.incidents
    .filter((one) => one.createdAt >= since && (service === undefined || one.service === service))
    .filter(({ id }) => !known.has(id))
    .toSorted((a, b) => b.createdAt - a.createdAt);
  const selected = new Map(undecided.slice(0, MAX_ROWS).map((one) => [one.id, one]));
  const by = { settings: settings ?? defaultSettings, windowMs };
  const { model, refused, said, learntUntil } = await askChampion(
    { ledger, models },
    past,
    ({ id }) => selected.has(id),
    by,
  );
  const rows: DecisionRow[] = [];
  for (const id of selected.keys()) {
    const prediction = said.get(id);
    if (prediction === undefined) continue;
    const row = await rowOf(ledger, prediction, { now, windowOf: async () => windowMs, settings });
    // No page was actually held.
    rows.push({ ...row, heldSeconds: 0 });
  }
  const learntFrom = rows.filter(({ openedAt }) => learntUntil !== null && openedAt <= learntUntil).length;
  return { model, refused, count: undecided.length, rows, counts: countsOf(rows), learntFrom };
}
