import type { Rule } from "./rule.ts";

/**
 * Names that clusters make up, by the grammars of those who make them. Kubernetes writes random parts with letters and
 * digits that spell no words (k8s.io/apimachinery/pkg/util/rand: no vowels, no 0, 1 and 3).
 */
const safe = "[bcdfghjklmnpqrstvwxz2456789]";
const start = "(?<=[a-z0-9])";
const end = "(?![\\p{L}\\p{N}-])";

/** Names that happen to be written with those letters, and a few letters that machines are called by with their number. */
const spelt =
  /^(?:https|http2|http4|mssql|pgsql|smtps|mqtts|grpcs|xhtml|html[245]|dhcp[46]|btrfs|mgmnt|[a-z]{5}(?<=^(?:ldp|sys|www|cnt|dwn).*)|\d{5}|(?:srv|svr|db|vm|gw|lb|fw|dc|ws|dns|sql|web|prd|stg|tst|bck|rt|sw|pc|pr|zk|mq|nfs|vpn|cdn|tcp|ssh|kvm|esx)\d+)$/u;

const why = "a pod's, node's or revision's random part is another one each time";

/** Behind these a name is a machine's, and its number part of it. */
const machine =
  /(?:^|[^\p{L}])(?:nodes?|hosts?|hostname|servers?|instances?|vm|machine|broker|on|at|from)[\s:=]+["'`([]*$/u;
/** Not names with a number, but numbers that mean something, and regions. */
const meant =
  /^(?:http|https|p|sev|severity|prio|priority|status|code|port|error|err|tls|sha|utf|level|tier|zone|q|v|version|exit|signal|(?:[a-z]{2}|us-gov)-(?:north|south|east|west|central|northeast|southeast|northwest|southwest)[a-z]*)-\d+$/u;
const podContext =
  /(?:^|[^\p{L}])(?:pods?|kube\p{L}*|statefulsets?|containers?|crash ?loop\p{L}*)(?![\p{L}])/u;

/** What stands before a name's slash: `pod` of `pod/web-3`. */
const ownerIn = (match: string): string => (match.includes("/") ? match.slice(0, match.indexOf("/")) : "");

/** How a pod's name ends, behind the name of what owns it. */
export const clusterNameRules: readonly Rule[] = [
  // GKE: cluster, pool, eight hexadecimal digits of the instance group, four letters or digits.
  {
    pattern:
      /(?<![\p{L}\p{N}_-])(gk[e3]-[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)-[0-9a-f]{6,8}-(?:[a-z0-9]{4}|grp)(?![\p{L}\p{N}_-])/gu,
    by: "$1-<id>",
    why,
  },
  // AKS: the pool, eight digits, and a place of six digits to the base 36 in the scale set, or of an availability set.
  {
    pattern:
      /(?<![\p{L}\p{N}_-])(aks-[a-z0-9][a-z0-9-]*?)-\d{7,9}-(?:vmss[_-]?[0-9a-z]{1,6}|\d{1,4})(?![\p{L}\p{N}_-])/gu,
    by: "$1-<id>",
    why,
  },
  {
    pattern: /(?<![\p{L}\p{N}_-])(aks[a-z][a-z0-9]{0,6}?)0[0-9a-z]{5}(?![\p{L}\p{N}_-])/gu,
    by: "$1<id>",
    why,
  },
  // EKS and EC2: the private address as a name; and whatever AWS names by eight or seventeen hexadecimal digits.
  {
    pattern: /(?<![\p{L}\p{N}_])((?:fargate-)?ip)-\d{1,3}(?:-\d{1,3}){3}(?![\p{L}\p{N}_-])/gu,
    by: "$1-<id>",
    why,
  },
  {
    pattern:
      /(?<![\p{L}\p{N}_-])([a-z]{1,10})-(?:[0-9a-f]{17}|(?<=(?:i|vol|sg|vpc|eni|ami|snap|subnet)-)[0-9a-f]{8})(?![\p{L}\p{N}_-])/gu,
    by: "$1-<id>",
    why,
  },
  // Cloud Run and Knative: the revision's number of five digits, and three letters or digits.
  { pattern: new RegExp(`${start}-\\d{5}-[a-z0-9]{3}${end}`, "gu"), by: "-<id>", why },
  { pattern: new RegExp(`${start}-\\d{5}(?=-deployment(?![\\p{L}\\p{N}]))`, "gu"), by: "-<id>", why },
  // A version of a function of Lambda; an alias is a name.
  { pattern: /(:function:[\w-]+):\d+(?![\p{L}\p{N}_-])/gu, by: "$1:<id>", why },
  // A replica set's hash and the pod's five; a scheduled job's minute or second and the pod's five; the pod's five alone.
  {
    pattern: new RegExp(
      `${start}-(?:${safe}{6,10}|[456789bcdf]{3,5}|\\d{7,10}|[0-9a-f]{8,10})-${safe}{5}${end}`,
      "gu",
    ),
    by: "-<id>",
    why,
  },
  { pattern: new RegExp(`${start}-\\d{7,10}${end}`, "gu"), by: "-<id>", why },
  {
    pattern: new RegExp(`${start}-${safe}{5}${end}`, "gu"),
    by: "-<id>",
    why,
    unless: (match) => spelt.test(match.slice(1)),
  },
  // What a replica set or a controller revision itself is called by.
  {
    pattern: new RegExp(`${start}-[456789bcdf]{8,10}${end}`, "gu"),
    by: "-<id>",
    why,
  },
  // A name that was cut at 63 characters ends in the five without a dash.
  {
    pattern: new RegExp(`(?<![\\p{L}\\p{N}_-])([a-z0-9][a-z0-9-]{57})${safe}{5}${end}`, "gu"),
    by: "$1<id>",
    why,
  },
  {
    pattern: /-\d{1,5}-<id>(?![\p{L}\p{N}_-])/gu,
    by: "-<id>",
    why: "the index of an indexed job's pod",
    unless: (_, text, rest) =>
      !/(?:^|[^\p{L}])(?:kube_?)?jobs?(?:_?failed)?(?![\p{L}])/u.test(`${text} ${rest}`),
  },
  // A stateful set numbers its pods. Elsewhere a number behind a name is a machine's.
  {
    pattern:
      /(?<![\p{L}\p{N}_.-])((?:[a-z0-9-]+\/)?[a-z](?:[a-z0-9-]*[a-z0-9])?)-\d{1,4}(?![\p{L}\p{N}_-]|[.,:]\d)/gu,
    by: "$1-<id>",
    why: "the number of a stateful set's pod",
    unless: (match, text, rest) =>
      machine.test(text) || meant.test(match) || !podContext.test(`${text} ${ownerIn(match)} ${rest}`),
  },
];
