/** Before that the pace is not known. */
const KNOWN_AFTER_MS = 2_000;

/**
 * How fast something goes, and how long it will take at that pace: `, 1240 a second, about 3 min left`; without the second half
 * where nobody knows of how many; nothing in the first two seconds, and at the end.
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
