/**
 * Values that must never be merged with others of their kind: a response's status, a percentile, a port, a priority, an
 * environment, a direction. Coarser names leave some of them out; what is known of one says nothing of the other. When
 * in doubt a number counts as one of these.
 */
const kinds: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ["status", /(?<![\p{L}\p{N}_.:-])[1-5](?:\d\d|xx)(?![\p{L}\p{N}_]|[.,]\d)/gu],
  // Within a name: "HTTPCode_Target_502_Count", "elb-502-count", "http_404", "High403Rate".
  [
    "status",
    /(?<=(?<!\p{L})(?:https?|codes?|status|err(?:or)?s?|resp(?:onse)?s?|elb|[an]lb|target|return(?:s|ed)?)[_:.-]{1,2})[1-5](?:\d\d|xx)(?!\p{N}|[.,]\d)/gu,
  ],
  ["status", /(?<=(?:http|code|status|error)_?)[1-5](?:\d\d|xx)(?!\p{N}|[.,]\d)/gu],
  [
    "status",
    /(?<![\p{N}.])[1-5](?:\d\d|xx)(?=[_-](?:counts?|rates?|err(?:or)?s?|resp(?:onse)?s?|ratio|percent|pct|spikes?)(?!\p{L}))/gu,
  ],
  // "404s are above 2 %": as a time it would have been replaced.
  ["status", /(?<![\p{L}\p{N}_.:-])[1-5]\d\d(?=s(?![\p{L}\p{N}_]))/gu],
  ["status", /(?<=\p{L})[1-5](?:\d\d|xx)(?=\p{L})/gu],
  ["percentile", /(?<![\p{L}\p{N}])(?:p|q)\.?\d{2,3}(?:\.\d+)?(?![\p{L}\p{N}])/gu],
  [
    "percentile",
    /\d+(?:\.\d+)?(?=\s?(?:%?-?ile|(?:th|st|nd|rd)|-?(?:percentile|quantile|pctl|perzentil))(?!\p{L}))/gu,
  ],
  ["percentile", /(?<=(?:percentile|quantile|pctl)\W{1,3})\d+(?:\.\d+)?/gu],
  // "upper_90" of statsd, "TM99" of CloudWatch, "latency_99p", "ApiLatencyP95High".
  ["percentile", /(?<!\p{L})(?:upper|lower|tm|wm|pct|perc)[_.-]?\d{2,3}(?:\.\d+)?(?!\p{N})/gu],
  ["percentile", /(?<![\p{N}.])[5-9]\d{1,2}p(?![\p{L}\p{N}])/gu],
  ["percentile", /(?<=\p{L})p[5-9]\d{1,2}(?=\p{L})/gu],
  // "dial tcp 10.1.2.3:5432: connect: connection refused"
  ["port", /(?<=:)\d{2,5}(?![\p{L}\p{N}:]|\.\d)|(?<=:)\d{2,5}(?=:(?:\s|$))/gu],
  ["port", /(?<=(?<!\p{L})(?:tcp|udp)[ /_:-])\d{1,5}(?!\p{N}|\.\d)/gu],
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
