import { after, before, type Rule } from "./rule.ts";

const why = "an identifier or a hash is another one each time";
const hex = "(?<![\\p{L}\\p{N}])";
const hexEnd = "(?![\\p{L}\\p{N}])";

/** How often letters and digits alternate: rarely in names that people choose. */
const turns = (text: string): number => text.match(/(?:\d(?=[a-z])|[a-z](?=\d))/gu)?.length ?? 0;

/** Machine names with a number that could be read as hexadecimal. */
const numbered =
  /^(?:(?:db|dc|fe|be|ad|ca|bd|ec|ff|ace|cafe)\d{1,6}|(?:dead|beef|face|fade|faded|babe|cafe|feed|deed|bead|bed|bad|dad|cab|add|added|decade|facade|deface|decaf|accede|efface|beaded)+\d{1,3})$/u;
const exponent = /^\d{1,3}e\d{1,3}$/u;

const idWords =
  "(?:trace|span|request|req|correlation|event|message|msg|session|transaction|txn|execution|fingerprint|invocation|operation|dedup|incident|alert|ticket|problem|issue|order|job|run|build|process|workflow|pipeline|deployment|alloc(?:ation)?|container|image|eval)";

/** Unmistakable identifiers, parts of which look like large numbers, dates and pods. */
export const certainIdentifierRules: readonly Rule[] = [
  {
    pattern: new RegExp(
      `${before}[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}${after}`,
      "gu",
    ),
    by: "<id>",
    why,
  },
  // Hadoop's application, container and attempt ids, each with the cluster's start time.
  {
    pattern: new RegExp(
      `${before}(application|container|job|task|attempt|appattempt)(?:_e\\d+)?_\\d{13}(?:_(?:[mr]_)?\\d+)+${after}`,
      "gu",
    ),
    by: "$1_<id>",
    why,
  },
  // Dataflow's: a time of day and a number.
  {
    pattern: new RegExp(`${before}\\d{4}-\\d{2}-\\d{2}(?:_\\d{2}){3}-\\d{10,20}${after}`, "gu"),
    by: "<id>",
    why,
  },
  // Dynatrace's problems, Splunk's searches, and ServiceNow's records: KB numbers are of articles, and name a kind.
  { pattern: new RegExp(`(?<![\\p{L}\\p{N}_])-?\\d{10,20}_\\d{10,20}v\\d${after}`, "gu"), by: "<id>", why },
  {
    pattern:
      /(?<![\p{L}\p{N}_])(?:rt_)?scheduler__[\w.+=-]*_at_\d{10}_\d+(?:_[0-9a-f-]{36})?(?![\p{L}\p{N}_])/gu,
    by: "<id>",
    why,
  },
  {
    pattern: new RegExp(`${before}(inc|chg|prb|ritm|req|sctask|ctask|ptask|task|cs)\\d{7,10}${after}`, "gu"),
    by: "$1<id>",
    why,
  },
  {
    pattern: new RegExp(
      `${before}((?:jira|ticket)(?: issue)?[ :=#]+[a-z][a-z0-9]{1,9})-\\d{1,6}${after}`,
      "gu",
    ),
    by: "$1-<id>",
    why,
  },
  // AWS X-Ray's trace ids: the second in hexadecimal digits, and 96 bits.
  { pattern: new RegExp(`${before}1-[0-9a-f]{8}-[0-9a-f]{24}${after}`, "gu"), by: "<id>", why },
  {
    pattern:
      /(?<![\p{L}\p{N}])((?:commit|sha|rev|revision|hash|checksum)[ :=#-]+)[0-9a-f]{7,64}(?![\p{L}\p{N}])/gu,
    by: "$1<id>",
    why,
  },
];

/** Identifiers of programs and hashes. */
export const identifierRules: readonly Rule[] = [
  { pattern: /(?<![\p{L}\p{N}])eyj[\w-]{8,}\.[\w-]+\.[\w-]*/gu, by: "<id>", why },
  { pattern: /(?<![\p{L}\p{N}])(?:sha(?:1|256|512)|md5):[0-9a-f]{7,}(?![\p{L}\p{N}])/gu, by: "<id>", why },
  { pattern: new RegExp(`${before}0x[0-9a-f]+${after}`, "gu"), by: "<id>", why },
  // ULID: 26 of Crockford's 32 characters, the first one of three bits.
  { pattern: new RegExp(`${before}(?=[a-z]*\\d)[0-7][0-9a-hjkmnp-tv-z]{25}${after}`, "gu"), by: "<id>", why },
  // PagerDuty's ids.
  {
    pattern: new RegExp(`${before}q[0-9a-z]{13}${after}`, "gu"),
    by: "<id>",
    why,
    unless: (match) => turns(match) < 3,
  },
  // EMR's cluster ids.
  { pattern: new RegExp(`${before}j-(?=[a-z]*\\d)[0-9a-z]{12,14}${after}`, "gu"), by: "j-<id>", why },
  // Grafana's rules and dashboards; a firewall's "rule id 942100" names the kind.
  {
    pattern: new RegExp(
      `(?<![\\p{L}\\p{N}])((?:rule|dashboard|folder|datasource|panel)[-_ ]?uid["']?\\s*[:=]?\\s*["']?)[\\w-]{6,40}${after}`,
      "gu",
    ),
    by: "$1<id>",
    why,
  },
  // Explicitly labelled ids.
  {
    pattern: new RegExp(
      `(?<![\\p{L}\\p{N}])(${idWords}[-_ ]?(?:id|uid|uuid|guid|key)["']?\\s*[:=#]?\\s*["']?)(?=[\\w-]*\\d)[\\w-]+`,
      "gu",
    ),
    by: "$1<id>",
    why,
    // Windows' events and Exchange's messages have numbers that identify their kind.
    unless: (match) => /^(?:event|message|msg|alert).*?(?<![\p{L}\p{N}-])\d{1,5}$/u.test(match),
  },
  {
    pattern: new RegExp(
      `(?<![\\p{L}\\p{N}])((?:build|ticket|pid|run|request|transaction|session|commit|revision|case|change)(?: (?:no\\.?|nr\\.?|number))?[ :=#]+)\\d{3,}${after}`,
      "gu",
    ),
    by: "$1<id>",
    why,
  },
  // One in ten hashes of seven or more hexadecimal digits has no letter: the text before it distinguishes it from a
  // number.
  {
    pattern:
      /(?<![\p{L}\p{N}])((?:alloc(?:ation)?|container|trace|span|image|digest|deploy(?:ment)?|release|build)(?: (?:of|for|id))?[ :=#@("'`]+(?:[a-z][\w./-]*[@:])?)(?=[a-f]*\d)[0-9a-f]{7,64}(?![\p{L}\p{N}]|\.\d)/gu,
    by: "$1<id>",
    why,
  },
  {
    pattern: new RegExp(
      `(?<![\\p{L}\\p{N}])((?:order|request|message|payment|invoice|trace|span|execution|invocation|operation|incident|problem|issue)[ :=#]+)\\d{6,}${after}(?![.,]\\d)`,
      "gu",
    ),
    by: "$1<id>",
    why,
  },
  { pattern: /(?<![\p{L}\p{N}])((?:pid|tid)[ :=#]*)\d+(?![\p{L}\p{N}])/gu, by: "$1<id>", why },
  { pattern: /(?<![\p{L}\p{N}&])#\d{3,}(?![\p{L}\p{N}])/gu, by: "#<id>", why },
  // Git's hashes and others', with both digits and letters.
  {
    pattern: new RegExp(`${hex}(?=[0-9a-f]*\\d)(?=[0-9a-f]*[a-f])[0-9a-f]{6,}${hexEnd}`, "gu"),
    by: "<id>",
    why,
    unless: (match) => numbered.test(match) || exponent.test(match),
  },
  {
    pattern: /(?<![\p{L}\p{N}])(?=[a-z]*\d)[0-9a-z]{16,}(?![\p{L}\p{N}])/gu,
    by: "<id>",
    why,
    unless: (match) => turns(match) < 3 && /[a-z]/u.test(match),
  },
  {
    pattern: /(?<![\p{L}\p{N}.])\d{10,}(?![\p{L}\p{N}])/gu,
    by: "<id>",
    why,
    unless: (_, text) => /arn:[\w:-]*$/u.test(text),
  },
];
