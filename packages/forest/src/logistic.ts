export const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));

/** The log odds. Infinite at 0 and 1. */
export const logit = (probability: number): number => Math.log(probability) - Math.log1p(-probability);
