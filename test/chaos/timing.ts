const MINUTE = 60_000;

export const WINDOW = 5 * MINUTE;
/** Monday morning: the organisation begins to fall to pieces. */
export const START = Date.parse("2026-03-02T08:00:00Z");
/** So many times as much goes wrong as usual: ten thousand incidents are then a week and not seven months of sweeps. */
export const BUSY = 20;
