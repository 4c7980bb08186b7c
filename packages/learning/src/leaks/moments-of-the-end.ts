import { type PastIncident, timeReader } from "@mrdata/incident";
import { numberIn } from "../number-in.ts";

const MIN_ROWS = 50;
/** The minimum share of closed incidents whose value is close to the closing time: no deadline or next run is. */
const SHARE = 0.5;
/** The tolerance around the closing time, absolute, or relative to the incident's duration. */
const NEAR_MS = 60_000;
const NEAR_SHARE = 0.05;

/** The details that contain when incidents ended, as seconds or milliseconds since the epoch or as a time in text. */
export function momentsOfTheEnd(
  history: readonly PastIncident[],
  names: readonly string[],
): readonly string[] {
  const closed = history.filter(({ resolvedAt }) => resolvedAt !== null);
  return names.filter((name) => {
    let [dated, near] = [0, 0];
    for (const { details, createdAt, resolvedAt } of closed) {
      const value = Object.hasOwn(details, name) ? details[name] : undefined;
      if (value === undefined || resolvedAt === null) continue;
      dated++;
      const at = momentIn(value);
      // A value near the opening is also near the closing if the incident was very short.
      const lasted = resolvedAt - createdAt;
      const isNear =
        at !== null &&
        Math.abs(at - resolvedAt) <= Math.min(Math.max(NEAR_MS, NEAR_SHARE * lasted), lasted / 2);
      if (isNear) near++;
    }
    return dated >= MIN_ROWS && near >= SHARE * dated;
  });
}

const readTime = timeReader();
function momentIn(value: string | number): number | null {
  const number = numberIn(value);
  if (number === null) return typeof value === "string" ? readTime(value) : null;
  if (number >= 1e9 && number < 1e10) return 1_000 * number;
  return number >= 1e12 && number < 1e13 ? number : null;
}
