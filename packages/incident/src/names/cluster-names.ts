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
  /^(?:https|(?:http|smtp|dhcp|html|cmdb|mgmt|grpc|ctrl|sftp|tftp)[2-9]|mssql|pgsql|plsql|nosql|sqldb|sqlvm|rdbms|smtps|smtpd|snmpd|httpd|httpx|dhcpd|tftpd|vrrpd|lldpd|mqtts|grpcs|xhtml|npmjs|pdfjs|sshfs|smbfs|tmpfs|cvmfs|gcsfs|slf4j|r2dbc|ppc64|rs485|pkcs\d|cfssl|vcpkg|whmcs|cdk8s|cdktf|btrfs|mgmnt|[a-z]{5}(?<=^(?:ldp|sys|www|cnt|dwn).*)|\d{5}|(?:srv|svr|db|vm|gw|lb|fw|dc|ws|dns|sql|web|prd|stg|tst|bck|rt|sw|pc|pr|zk|mq|nfs|vpn|cdn|tcp|ssh|kvm|esx)\d+)$/u;

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

/** Azure names the machines of a scale set after it, and so do its alerts. */
const scaleSet = /vmss|scale[ _-]?sets?(?!\p{L})/u;
/** Where machines are told of that Compute Engine made from one template. */
const instanceGroup =
  /(?<!\p{L})(?:instance[ _-]?groups?|migs?|gce|compute engine|vm[ _]instances?|autoscal\p{L}*)(?!\p{L})/u;
/** Four letters and digits that take turns, but where a rack's row and place or a word is written so. */
const fourByChance = (suffix: string): boolean =>
  (suffix.match(/\d(?=[a-z])|[a-z](?=\d)/gu)?.length ?? 0) >= 2 &&
  !/^(?:(?:[a-z]\d){2}|(?:\d[a-z]){2}|i18n|l10n|a11y|k8s\d|e2e\d|b2b\d|p2p\d|s2s\d|\d[a-z]{2}\d)$/u.test(
    suffix,
  );
/** In such a group: with a digit that is no number at its end, or without any vowel. */
const fourOfGroup = (suffix: string): boolean =>
  /\d/u.test(suffix) ? !/^(?:\d{4}|[a-z]+\d{1,2})$/u.test(suffix) : !/[aeiouy]/u.test(suffix);

/** How a pod's name ends, behind the name of what owns it. */
export const clusterNameRules: readonly Rule[] = [
  // GKE, a pool of its own making: eight letters or digits behind the kind of machine, another one with each pool.
  {
    pattern:
      /(?<![\p{L}\p{N}_-])(gk[e3]-(?:[a-z0-9-]*-)?nap(?:-[a-z][a-z0-9]*(?:-[a-z0-9]+)*?)?)-[0-9a-z]{6,8}-[0-9a-f]{6,8}-(?:[a-z0-9]{4}|grp)(?![\p{L}\p{N}_-])/gu,
    by: "$1-<id>",
    why,
  },
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
  // A scale set's machines: its name and a number, eight hexadecimal digits, or six digits to the base 36.
  {
    pattern:
      /(?<![\p{L}\p{N}_-])([a-z](?:[a-z0-9-]*[a-z0-9])?)_(?:\d{1,4}|(?=[a-f]*\d)[0-9a-f]{8})(?![\p{L}\p{N}_-])/gu,
    by: "$1_<id>",
    why,
    unless: (match, text, rest) => !scaleSet.test(`${text} ${match} ${rest}`),
  },
  {
    pattern: /(?<![\p{L}\p{N}_-])([a-z0-9-]*vmss-?)0[0-9a-z]{5}(?![\p{L}\p{N}_-])/gu,
    by: "$1<id>",
    why,
  },
  {
    pattern: /(?<![\p{L}\p{N}_-])([a-z][a-z-]{0,13})000(?=\d{0,2}[a-z])[0-9a-z]{3}(?![\p{L}\p{N}_-])/gu,
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
  // Compute Engine: machines of one template are called after it, with four letters or digits by chance.
  {
    pattern: new RegExp(`${start}-[0-9a-z]{4}${end}`, "gu"),
    by: "-<id>",
    why,
    unless: (match, text, rest) => {
      const suffix = match.slice(1);
      return !(
        fourByChance(suffix) ||
        (fourOfGroup(suffix) && instanceGroup.test(`${text.replace(/[\w-]+$/u, "")} ${rest}`))
      );
    },
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
