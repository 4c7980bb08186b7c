/**
 * Values that must never be merged with others of their kind: a response's status, a percentile, a port, a priority, an
 * environment, a direction. Coarser names leave some of them out; what is known of one says nothing of the other. When
 * in doubt a number counts as one of these.
 */
const kinds: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ["status", /(?<![\p{L}\p{N}_.:-])[1-5](?:\d\d|xx)(?![\p{L}\p{N}_]|[.,]\d)/gu],
  ["percentile", /(?<![\p{L}\p{N}])(?:p|q)\.?\d{2,3}(?:\.\d+)?(?![\p{L}\p{N}])/gu],
  [
    "percentile",
    /\d+(?:\.\d+)?(?=\s?(?:%?-?ile|(?:th|st|nd|rd)|-?(?:percentile|quantile|pctl|perzentil))(?!\p{L}))/gu,
  ],
  ["percentile", /(?<=(?:percentile|quantile|pctl)\W{1,3})\d+(?:\.\d+)?/gu],
  ["port", /(?<=:)\d{2,5}(?![\p{L}\p{N}:]|\.\d)/gu],
  ["port", /(?<=(?<!\p{L})ports?\W{1,3})\d{1,5}/gu],
  ["port", /\d{1,5}(?=\/(?:tcp|udp)(?!\p{L}))/gu],
  ["number", /(?<![\p{L}\p{N}_.:/-])\d{4,5}(?![\p{L}\p{N}_]|[.,:/-]\d)/gu],
  ["priority", /(?<![\p{L}\p{N}])(?:p|s)[0-5](?![\p{L}\p{N}])/gu],
  ["priority", /(?<=(?<!\p{L})(?:prio|priority|sev|severity|level|tier)\W{0,3})\d/gu],
  ["scheme", /[a-z][a-z0-9+]{1,15}(?=:\/\/)/gu],
  [
    "environment",
    /(?<!\p{L})(?:pre-?prod(?:uction)?|prod(?:uction)?|prd|live|stag(?:e|ing)|stg|dev(?:elopment|el)?|test(?:ing)?|tst|qa|uat|int(?:egration)?|sandbox|sbx|canary|demo|dr|beta|nonprod)(?!\p{L})/gu,
  ],
  [
    "direction",
    /(?<!\p{L})(?:up|down|high|low|above|below|over|under|increas\p{L}*|decreas\p{L}*|rising|falling|rise|drop\p{L}*|more|less|max|min)(?!\p{L})|[<>≤≥↑↓▲▼⬆⬇🔺🔻🔴🟢🟠🟡✅❌⚠]/gu,
  ],
];

/** The guarded parts of the finest name as one text: equal for two names if none of the parts differs. */
export function guardsOf(finest: string): string {
  const text = finest.replace(/<\p{Ll}+>/gu, " ");
  const found = kinds.flatMap(([kind, pattern]) =>
    [...text.matchAll(pattern)].map(([match]) => `${kind}:${match}`),
  );
  return [...new Set(found)].sort().join(" ");
}
