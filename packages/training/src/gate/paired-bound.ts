/**
 * The upper bound, one-sided with confidence 1 − `delta` where `z` is the normal quantile of that, of the difference of
 * two shares that were counted on the same rows: Tango's score interval for paired proportions (Statistics in Medicine
 * 17, 1998, 891–908), found by bisection. It keeps its coverage if the two hardly ever differ, unlike Wald's interval.
 *
 * @param onlyNew Rows counted only for the new one.
 * @param onlyOld Rows counted only for the old one.
 * @param rows All rows; without rows the bound is 1.
 * @example
 * ```ts
 * pairedUpperBound(0, 0, 100, 1.2816).toFixed(4); // => "0.0162"
 * ```
 */
export function pairedUpperBound(onlyNew: number, onlyOld: number, rows: number, z: number): number {
  if (rows === 0) return 1;
  const difference = (onlyNew - onlyOld) / rows;
  let [low, high] = [difference, 1];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (scoreOf(onlyNew, onlyOld, rows, middle) > -z) low = middle;
    else high = middle;
  }
  return high;
}

/** The number of standard errors by which the observed difference exceeds a hypothetical one. */
function scoreOf(onlyNew: number, onlyOld: number, rows: number, hypothetical: number): number {
  const b = -onlyNew - onlyOld + (2 * rows - onlyNew + onlyOld) * hypothetical;
  const c = -onlyOld * hypothetical * (1 - hypothetical);
  const onlyOldShare = (Math.sqrt(Math.max(0, b * b - 8 * rows * c)) - b) / (4 * rows);
  const variance = rows * (2 * onlyOldShare + hypothetical * (1 - hypothetical));
  const above = onlyNew - onlyOld - rows * hypothetical;
  if (variance <= 0) return above === 0 ? 0 : above > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  return above / Math.sqrt(variance);
}

/** The normal quantile of .9: the bounds of the gate are one-sided with a confidence of 90 %. */
export const Z_90 = 1.2815515655446004;
