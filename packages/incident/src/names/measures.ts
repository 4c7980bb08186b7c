import type { Rule } from "./rule.ts";

const why = "a measured value is another one each time";
const number = "[-+]?\\p{Nd}+(?:[.,]\\p{Nd}+)*";
/** A value stands free: not in a name, a version or an address. */
const free = "(?<![\\p{L}\\p{N}_./#-]|[\\p{L}\\p{N}_][-+]|(?<![\"']):)";

const timeUnit =
  "(?:ns|[uµμ]s|ms|millis|msecs?|milliseconds?|secs?|seconds?|mins?|minutes?|hrs?|hours?|days?|weeks?|months?|years?|sekunden?|minuten?|stunden?|tagen?|tage|wochen?|secondes?|heures?|jours?|semaines?|segundos?|minutos?|horas?|d[ií]as?|semanas?|secondi|minuti|minuto|ore|giorni|dias)";
const shortTimeUnit = "[smhdw]";
const sizeUnit = "(?:[kmgtp]i?b(?:ytes?)?(?:ps|/s)?|bytes?|[kmgt]?bits?(?:/s)?|[kmgt]bps|[kmgt]i?b|octets?)";
const otherUnit =
  "(?:%(?!ile| ?ile)|percent(?!ile)|prozent|°[cf]?|rps|qps|tps|iops|ops/s|req/s|requests/s|msg/s|/s(?:ec)?|/min|[kmg]?hz|rpm|ppm|kw|watts?|volts?|x(?=[\\s),\\]]|$))";
const notInWord = "(?![\\p{L}\\p{N}_])";

/** Versions and quantiles are written like values, and are none. */
const named =
  /(?:(?:^|[^\p{L}])(?:version|release|tls|ssl|python|java|node|php|ruby|go|ubuntu|debian|centos|rhel|postgres(?:ql)?|mysql|redis|kubernetes|k8s|percentile|quantile|pctl|q|p|http)[\s:=/]*|[\p{L}_/])$/u;
const quantile = /^\s*(?:-?(?:th|st|nd|rd)?[\s-]*(?:percentile|quantile|pctl|perzentil)|%?-?ile)/u;
const isNamed = (_: string, before: string, after: string) => named.test(before) || quantile.test(after);

/** Words that say that a plain number behind them is what was measured. */
const measure =
  "(?:depth|length|size|count|lag|backlog|total|value|age|usage|utili[sz]ation|load|latency|duration|number|rate|ratio|score|delay|queue|memory|temperature|offset|pending|waiting)";

/** Where a number says which one it is, and not how many. */
const which =
  /(?:^|[^\p{L}])(?:https?|status|codes?|ports?|error|err|shard|partition|node|host|server|queue|instance|zone|disk|worker|broker|replica|rack|slot|channel|version|level|tier|priority|prio|sev|severity|p|exit|signal|returned|returns|got|response|site|store|unit|line)[\s:=#-]*$/u;
const isWhich = (match: string, before: string, after: string) =>
  which.test(before) ||
  (/^[1-5]\d\d$/u.test(match.trim()) &&
    /^\s*(?:errors?|responses?|status|codes?|on|from|for|at)(?![\p{L}])/u.test(after));

/** Numbers as programs write large and small ones: before hashes are looked for, which they look like. */
export const exponentRules: readonly Rule[] = [
  { pattern: new RegExp(`${free}[-+]?\\d+(?:\\.\\d+)?e[-+]?\\d{1,3}${notInWord}`, "gu"), by: "<n>", why },
];

/** Values with a unit or a fraction, and counts. */
export const measureRules: readonly Rule[] = [
  {
    pattern: /((?:^|[^\p{L}])(?:is|at|value|now|=|:)\s*)[-+]?(?:nan|inf(?:inity)?)(?![\p{L}\p{N}_])/gu,
    by: "$1<n>",
    why,
  },
  {
    pattern: new RegExp(
      `${free}${number}(?: ?${timeUnit}| ?µs| ?${shortTimeUnit})(?: ?(?:and |und |,)? ?\\p{Nd}+(?:[.,]\\p{Nd}+)?(?: ?${timeUnit}|${shortTimeUnit}))*${notInWord}`,
      "gu",
    ),
    by: "<duration>",
    why,
    unless: isNamed,
  },
  {
    pattern: new RegExp(`${free}${number}(?: ?${sizeUnit}|[kmgt]b?)${notInWord}`, "gu"),
    by: "<size>",
    why,
    unless: isNamed,
  },
  {
    pattern: new RegExp(`${free}${number} ?(${otherUnit})${"(?![\\p{L}\\p{N}_])"}`, "gu"),
    by: "<n>$1",
    why,
    unless: isNamed,
  },
  {
    pattern: new RegExp(`${free}[-+]?\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?(?![\\p{L}\\p{N}_]|[.,]\\d)`, "gu"),
    by: "<n>",
    why,
    unless: isNamed,
  },
  {
    pattern: new RegExp(`${free}[-+]?\\d+\\.\\d+(?![\\p{L}\\p{N}_%]|\\.\\d|[:/]\\d)`, "gu"),
    by: "<n>",
    why,
    unless: isNamed,
  },
  {
    pattern: new RegExp(`${free}[-+]?0,\\d+(?![\\p{L}\\p{N}_%]|[.,]\\d)`, "gu"),
    by: "<n>",
    why,
    unless: isNamed,
  },
  // How many alerts a group has, as Alertmanager writes it.
  { pattern: /((?:firing|resolved|alerting|suppressed):\s?)\d+(?![\p{L}\p{N}])/gu, by: "$1<n>", why },
  // "queue depth of orders is 52310", "count: 12", "value=3"
  {
    pattern: new RegExp(
      `((?<![\\p{L}])${measure}(?![\\p{L}])[^.;|<>\\d]{0,60}?(?:(?<![\\p{L}])(?:is|was|are|now|reached|has|hit|current(?:ly)?)(?::| at)?\\s|[=:]\\s?["']?))[-+]?\\d+(?![\\p{L}\\p{N}_]|[.,:/-]\\d)`,
      "gu",
    ),
    by: "$1<n>",
    why,
    unless: (match) => which.test(match.replace(/[-+]?\d+$/u, "")),
  },
  // "3 pods are", "1 pod is", "52310 messages"
  {
    pattern: new RegExp(
      `${free}\\d+(?= (?:more |new |other |failed |unhealthy |firing |of \\d+ )?\\p{L}{3,}(?:s(?![\\p{L}])| (?:is|are|was|were|has|have)(?![\\p{L}])))`,
      "gu",
    ),
    by: "<n>",
    why: "a count is another one each time",
    unless: (match, text, rest) => isWhich(match, text, rest) || isNamed(match, text, rest),
  },
];
