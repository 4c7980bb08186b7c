import { comparePast, type PastIncident } from "@mrdata/incident";

/** Minimum number of closed incidents to compare open ones with. */
const BESIDE = 50;
/** The maximum probability that all of the open ones lack it by chance. */
const CHANCE = 0.001;
const MIN_OPEN = 3;

/**
 * Details that incidents get only when they are over: nearly no open one has them, and most closed ones from the same
 * days do. A detail that appeared or disappeared over the years does not count.
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
