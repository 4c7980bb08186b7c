export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

export const long = { lasts: [3 * HOUR, 10 * HOUR], pauses: [15 * MINUTE, 40 * MINUTE] } as const;
