import type { Rule } from "./rule.ts";

const why = "a measured value is another one each time";
const number = "[-+]?\\p{Nd}+(?:[.,]\\p{Nd}+)*";
/** A value stands alone: not in a name, a version or an address. */
const free = "(?<![\\p{L}\\p{N}_./#-]|[\\p{L}\\p{N}_][-+]|(?<![\"']):)";

const timeUnit =
  "(?:ns|[uµμ]s|ms|millis|msecs?|milliseconds?|secs?|seconds?|mins?|minutes?|hrs?|hours?|days?|weeks?|months?|years?|sekunden?|minuten?|stunden?|tagen?|tage|wochen?|secondes?|heures?|jours?|semaines?|segundos?|minutos?|horas?|d[ií]as?|semanas?|secondi|minuti|minuto|ore|giorni|dias)";
const shortTimeUnit = "[smhdw]";
const sizeUnit = "(?:[kmgtp]i?b(?:ytes?)?(?:ps|/s)?|bytes?|[kmgt]?bits?(?:/s)?|[kmgt]bps|[kmgt]i?b|octets?)";
const otherUnit =
  "(?:%(?!ile| ?ile)|percent(?!ile)|prozent|°[cf]?|rps|qps|tps|iops|ops/s|req/s|requests/s|msg/s|/s(?:ec)?|/min|\\p{L}{2,9}/(?:s|secs?|seconds?|m|min|minute|h|hr|hour|d|day)|[kmg]?hz|rpm|ppm|kw|watts?|volts?|x(?=[\\s),\\]]|$))";
const notInWord = "(?![\\p{L}\\p{N}_])";

/** At most three digits before the point: "66362e45" is hexadecimal. */
const exponential = `${free}[-+]?\\d{1,3}(?:\\.\\d+)?e[-+]?\\d{1,3}`;

/** Versions and quantiles are written like values but are none. */
const named =
  /(?:(?:^|[^\p{L}])(?:version|release|tls|ssl|python|java|node|php|ruby|go|ubuntu|debian|centos|rhel|postgres(?:ql)?|mysql|redis|kubernetes|k8s|percentile|quantile|pctl|q|p|http)[\s:=/("']*|[\p{L}_/])$/u;
const quantile = /^\s*(?:-?(?:th|st|nd|rd)?[\s-]*(?:percentile|quantile|pctl|perzentil)|%?-?ile)/u;
const isNamed = (_: string, before: string, after: string) => named.test(before) || quantile.test(after);

/** Words that mark a plain number after them as a measurement. */
const measure =
  "(?:depth|length|size|count|lag|backlog|total|value|age|usage|utili[sz]ation|load|latency|duration|number|rate|ratio|score|delay|queue|memory|temperature|offset|pending|waiting)";

/** Where a number is an ordinal and not a count. */
const which =
  /(?:^|[^\p{L}])(?:https?|status|codes?|ports?|error|err|shard|partition|node|host|server|queue|instance|zone|disk|worker|broker|replica|rack|slot|channel|version|level|tier|priority|prio|sev|severity|p|exit|signal|returned|returns|got|response|site|store|unit|line)[\s:=#-]*$/u;
/** Words after which a number following "is" is no measurement, wherever they occur before it. */
const identifies =
  /(?<!\p{L})(?:https?|status|codes?|ports?|responses?|results?|checks?|exit|returned|signal|shard|partition|version|error|priority|severity)(?!\p{L})/u;
const isAnswer = /^\s*(?:errors?|responses?|status|codes?)(?!\p{L})/u;
const isWhich = (match: string, before: string, after: string) =>
  which.test(before) ||
  (/^[1-5]\d\d$/u.test(match.trim()) &&
    /^\s*(?:errors?|responses?|status|codes?|on|from|for|at)(?![\p{L}])/u.test(after));

/** Numbers in exponential notation: matched before hashes, which they resemble. */
export const exponentRules: readonly Rule[] = [
  {
    pattern: new RegExp(`${exponential} ?(?:${timeUnit}|${shortTimeUnit})${notInWord}`, "gu"),
    by: "<duration>",
    why,
  },
  { pattern: new RegExp(`${exponential} ?${sizeUnit}${notInWord}`, "gu"), by: "<size>", why },
  { pattern: new RegExp(`${exponential}(?=${notInWord}| ?${otherUnit})`, "gu"), by: "<n>", why },
];

/** Response statuses in the plural are written like seconds. */
const isStatuses = (match: string, before: string, after: string) =>
  /^[1-5]\d\ds$/u.test(match) &&
  (/^\s+(?:is|are|from|on|for|above|over|in|at|per|rate|spik\p{L}*|ris\p{L}*|increas\p{L}*|errors?|responses?)(?!\p{L})/u.test(
    after,
  ) ||
    /(?:^|[^\p{L}])(?:https?|errors?|status|responses?|rate|of|many|more|no|with|by|get(?:s|ting)?|return\p{L}*|serv\p{L}*|seeing)[\s:]*$/u.test(
      before,
    ));

/** Values with a unit or a fraction, and counts. */
export const measureRules: readonly Rule[] = [
  {
    pattern:
      /((?:(?:^|[^\p{L}])(?:is|at|value|now)|[=:])\s*)[-+]?(?:nan|inf(?:inity)?)(?![\p{L}\p{N}_])|(?<=\s)(?:nan|[-+]inf)(?=[\s,;)]|$)/gu,
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
    unless: (match, text, rest) => isNamed(match, text, rest) || isStatuses(match, text, rest),
  },
  {
    pattern: new RegExp(`${free}${number}(?: ?${sizeUnit}|[kmgt]b?)${notInWord}`, "gu"),
    by: "<size>",
    why,
    unless: isNamed,
  },
  // "67,5 Go" is French; without a fraction it may be a word.
  { pattern: new RegExp(`${free}\\d+,\\d+ ?[kmgt]o${notInWord}`, "gu"), by: "<size>", why },
  {
    pattern: new RegExp(`(?<=[€$£¥] ?)(?!\\d(?!\\d|[.,]\\d))${number}(?![\\p{L}\\p{N}_])`, "gu"),
    by: "<n>",
    why,
  },
  {
    pattern: new RegExp(`${free}${number} ?((?:eur|usd|gbp|chf)(?![\\p{L}\\p{N}_])|[€£¥])`, "gu"),
    by: "<n> $1",
    why,
  },
  // "3/5 pods are ready"
  {
    pattern: new RegExp(`${free}\\d+ ?/ ?\\d+(?= (?:\\p{L}+ )?\\p{L}{3,}s(?!\\p{L}))`, "gu"),
    by: "<n>",
    why: "a count is another one each time",
    unless: isWhich,
  },
  {
    pattern: new RegExp(`${free}${number} ?(${otherUnit})${"(?![\\p{L}\\p{N}_])"}`, "gu"),
    by: "<n>$1",
    why,
    unless: (match, text, rest) => isNamed(match, text, rest) || which.test(text),
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
  {
    pattern:
      /(?<=(?<!\p{L})(?:last|past|previous|every|per) )(?:second|minute|hour|day|week|month)(?![\p{L}\p{N}_])/gu,
    by: "<duration>",
    why,
  },
  // The number of alerts in a group, as Alertmanager writes it.
  { pattern: /((?:firing|resolved|alerting|suppressed):\s?)\d+(?![\p{L}\p{N}])/gu, by: "$1<n>", why },
  // "queue depth of orders is 52310", "count: 12", "value=3"
  {
    pattern: new RegExp(
      `((?<![\\p{L}])${measure}(?![\\p{L}])[^.;|<>\\d]{0,60}?(?:(?<![\\p{L}])(?:is|was|are|now|reached|has|hit|current(?:ly)?)(?::| at)?\\s|[=:]\\s?["']?))[-+]?\\d+(?![\\p{L}\\p{N}_]|[.,:/-]\\d)`,
      "gu",
    ),
    by: "$1<n>",
    why,
    unless: (match, _, rest) => identifies.test(match) || isAnswer.test(rest),
  },
  // "3 pods are", "1 pod is", "52310 messages"
  {
    pattern: new RegExp(
      `${free}\\d+(?= (?:more |new |other |failed |unhealthy |firing |unacked |unread |pending |dead |open |stuck |slow |blocked |active |stale |queued |ready |waiting |of \\d+ )?\\p{L}{3,}(?:s(?![\\p{L}])| (?:is|are|was|were|has|have)(?![\\p{L}])))`,
      "gu",
    ),
    by: "<n>",
    why: "a count is another one each time",
    unless: (match, text, rest) => isWhich(match, text, rest) || isNamed(match, text, rest),
  },
];
