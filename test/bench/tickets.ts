import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { knownAt, selfResolved } from "@mrdata/incident";
import { backtest, backtestFigures } from "@mrdata/learning";
import { aside, atLeast, type Figure } from "./figure.ts";
import { TICKET_WINDOW, ticketHistory } from "./ticket-history.ts";

const PYTHON = process.env.MRDATA_PYTHON ?? join(import.meta.dirname, "../../.venv/bin/python");
const ROWS = 20_000;
const REFITS = 3;

/** A history of tickets, ours beside scikit-learn's forest with the past rate of every detail's value; AUC of the last 40 %. */
export async function benchTickets(rows = ROWS): Promise<readonly Figure[]> {
  const history = ticketHistory(rows, 1);
  const tried = await backtest(history, { windowMs: TICKET_WINDOW, refits: REFITS, seed: 1, workers: 1 });
  const { auc, coverage, precision } = backtestFigures(tried.scored, { seed: 1 });
  const own = [
    aside("tickets.auc", auc.value, "AUC"),
    aside("tickets.coverage", coverage, "held"),
    aside("tickets.precision", precision ?? Number.NaN, "right of what is held"),
  ];
  if (!existsSync(PYTHON)) {
    process.stderr.write("no Python with scikit-learn: ours alone; npm run python makes one\n");
    return own;
  }
  const theirs = python(history);
  return [
    atLeast("tickets", auc.value - theirs, "AUC ahead of scikit-learn's forest", 0),
    ...own,
    aside("scikit-learn.tickets.auc", theirs, "AUC"),
  ];
}

function python(history: ReturnType<typeof ticketHistory>): number {
  const folder = mkdtempSync(join(tmpdir(), "mrdata-bench-"));
  try {
    const rows = history.map((past) => ({
      at: past.createdAt,
      known: knownAt(past, TICKET_WINDOW),
      label: selfResolved(past, TICKET_WINDOW) ? 1 : 0,
      values: [past.service, past.title, ...Object.values(past.details)],
    }));
    writeFileSync(join(folder, "rows.json"), JSON.stringify({ refits: REFITS, rows }));
    const done = spawnSync(PYTHON, [join(import.meta.dirname, "tickets.py")], {
      cwd: folder,
      encoding: "utf8",
    });
    if (done.status !== 0) throw new Error(`tickets.py failed: ${done.stderr}`);
    return Number(done.stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
