import { comparePast, type PastIncident } from "@mrdata/incident";

/** Closed incidents beside which those that are open are looked at. */
const BESIDE = 50;
/** That all of the open ones have none would be chance no more often than this. */
const CHANCE = 0.001;
const MIN_OPEN = 3;

/**
 * The details that incidents get when they are over: nearly none of those that are open has them, and of those that
 * opened in the same days and are closed most have. A detail that came or went with the years is not such a one.
 */
export function emptyWhileOpen(
  history: readonly PastIncident[],
  names: readonly string[],
): readonly string[] {
  const open = history.filter(({ resolvedAt }) => resolvedAt === null);
  if (open.length < MIN_OPEN || names.length === 0) return [];
  const first = open.reduce((least, { createdAt }) => Math.min(least, createdAt), Number.POSITIVE_INFINITY);
  const closed = history.filter(({ resolvedAt }) => resolvedAt !== null).toSorted(comparePast);
  const since = closed.findIndex(({ createdAt }) => createdAt >= first);
  const beside = closed.slice(Math.max(0, (since < 0 ? closed.length : since) - BESIDE));
  if (beside.length < BESIDE / 5) return [];
  return names.filter((name) => {
    const has = ({ details }: PastIncident) => Object.hasOwn(details, name);
    const filled = open.filter(has).length;
    const share = beside.filter(has).length / beside.length;
    return (
      share >= 0.5 &&
      filled <= 0.05 * open.length &&
      (1 - share + 1 / beside.length) ** (open.length - filled) <= CHANCE
    );
  });
}
