import { plural } from "./parts.ts";
import type { ReportData } from "./report-data.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** When the bot decided last, and the option that shows that time. */
export type Earlier = { readonly sentence: string; readonly option: string };

/**
 * For a period without a decision, where the ledger has earlier ones: a rehearsal that lies in the past, or a bot that has not been asked
 * for long. Null otherwise.
 */
export function earlierOf({
  lastDecidedAt,
  at,
  since,
  windowMs,
}: Pick<ReportData, "lastDecidedAt" | "at" | "since" | "windowMs">): Earlier | null {
  if (lastDecidedAt === null) return null;
  const days = Math.max(1, Math.round((at - since) / DAY_MS));
  const iso = (moment: number) => `${new Date(moment).toISOString().slice(0, 16)}Z`;
  // The end of its window, so that how it ended is told, too.
  const end = Math.ceil((lastDecidedAt + windowMs) / MINUTE_MS) * MINUTE_MS;
  return {
    sentence: `Nothing was decided in ${days === 1 ? "this day" : `these ${plural(days, "day")}`}; the last decision is of ${iso(lastDecidedAt).replace("T", " ").replace("Z", " UTC")}.`,
    option: `--at ${iso(end)}`,
  };
}
