/** Before this, the pace is not shown. */
const KNOWN_AFTER_MS = 2_000;

/**
 * Formats throughput and remaining time: `, 1240 a second, about 3 min left`; without the second half if the total is not known; empty in
 * the first two seconds and at the end.
 */
export function paceOf(now: () => number): (done: number, of?: number) => string {
  const started = now();
  return (done, of) => {
    const passed = now() - started;
    if (done <= 0 || passed < KNOWN_AFTER_MS || (of !== undefined && done >= of)) return "";
    const perSecond = (1000 * done) / passed;
    const rate =
      perSecond >= 10
        ? `${Math.round(perSecond)} a second`
        : `${Math.max(1, Math.round(60 * perSecond))} a minute`;
    if (of === undefined) return `, ${rate}`;
    const seconds = (of - done) / perSecond;
    const left = seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`;
    return `, ${rate}, about ${left} left`;
  };
}
