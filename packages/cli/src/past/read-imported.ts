import { defaultSettings, type Ledger, type Settings } from "@mrdata/platform";
import type { Result } from "@mrdata/responder";
import { countsOf, type DecisionRow, rowOf } from "../decisions/ledger-of-decisions.ts";
import { type AskPorts, askChampion, readPast } from "./ask-champion.ts";

/** What came before the bot, and what the champion would say of it. */
export type Imported = {
  readonly model: string;
  /** Why nothing is said; null where it is. */
  readonly refused: string | null;
  /** How many incidents of the time nothing was decided of; `rows` are the latest of these. */
  readonly count: number;
  /** The newest first. */
  readonly rows: readonly DecisionRow[];
  readonly counts: Readonly<Record<Result, number>>;
  /** Of the rows, those that the champion learnt from itself. */
  readonly learntFrom: number;
};

export type ImportedOptions = {
  readonly since: number;
  readonly service?: string | undefined;
  readonly now: number;
  readonly window: number;
  readonly settings: Settings | null;
  readonly progress: (sentence: string) => void;
};

/** More are not told: who wants to know of all of them asks `mrdata backtest`. */
const MOST = 1_000;

/** Asks the champion of what opened since a moment and was never decided on. */
export async function readImported(
  {
    ledger,
    models,
  }: Pick<AskPorts, "models"> & {
    readonly ledger: Pick<Ledger, "pastIncidents" | "predictions" | "incident"> & AskPorts["ledger"];
  },
  { since, service, now, window, settings, progress }: ImportedOptions,
): Promise<Imported> {
  const decided = await ledger.predictions({ limit: 100_000, since });
  const past = await readPast(ledger, progress);
  const known = new Set(decided.map(({ incident }) => incident));
  const undecided = past.incidents
    .filter((one) => one.createdAt >= since && (service === undefined || one.service === service))
    .filter(({ id }) => !known.has(id))
    .toSorted((a, b) => b.createdAt - a.createdAt);
  const asked = new Map(undecided.slice(0, MOST).map((one) => [one.id, one]));
  const by = { settings: settings ?? defaultSettings, window };
  const { model, refused, said, learntUntil } = await askChampion(
    { ledger, models },
    past,
    ({ id }) => asked.has(id),
    by,
  );
  const rows: DecisionRow[] = [];
  for (const id of asked.keys()) {
    const prediction = said.get(id);
    if (prediction === undefined) continue;
    const row = await rowOf(ledger, prediction, { now, windowOf: async () => window, settings });
    // Nobody's page was kept back.
    rows.push({ ...row, heldSeconds: 0 });
  }
  const learntFrom = rows.filter(({ openedAt }) => learntUntil !== null && openedAt <= learntUntil).length;
  return { model, refused, count: undecided.length, rows, counts: countsOf(rows), learntFrom };
}
