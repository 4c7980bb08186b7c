import type { Decisions } from "./decisions.ts";

/**
 * When the incident of the newest decision opened, milliseconds since the epoch, if that was before `since`; null without any decision, or
 * where there is one since. For whoever shows a period in which nothing was decided: an empty table must not look like an empty ledger.
 */
export async function lastDecidedBefore(
  ledger: Pick<Decisions, "predictions">,
  since: number,
): Promise<number | null> {
  const [newest] = await ledger.predictions({ limit: 1 });
  return newest === undefined || newest.openedAt >= since ? null : newest.openedAt;
}
