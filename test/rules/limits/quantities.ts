/** Seconds of a duration as Google's APIs write it, `60s`; NaN for what is none. */
export const seconds = (text: unknown): number => {
  const [, count] = /^(\d+(?:\.\d+)?)s$/.exec(String(text ?? "")) ?? [];
  return count === undefined ? Number.NaN : Number(count);
};

export const within = (value: number, least: number, most: number): boolean =>
  value >= least && value <= most;

export const DAY = 86_400;
