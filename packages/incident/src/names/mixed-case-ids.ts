import type { Replaced } from "./rule.ts";

/** Identifiers of mixed-case letters and digits (base 62, and URL-safe base 64), which lower case hides. */
const candidate =
  /(?<![\p{L}\p{N}_-])((?:[a-z]{2,8}_)?)((?=[\w-]*[a-z])(?=[\w-]*[A-Z])[0-9A-Za-z_-]{12,64})(?![\p{L}\p{N}_-])/gu;

/** Splits words in Title Case and camelCase: "KubeAPIDown" is "Kube" and "APIDown". */
const pieces = /[A-Z]+[a-z]*|[a-z]+/gu;
const MAX_PARTS = 3;
const MIN_LENGTH = 12;
const MIN_UNREADABLE = 3;
const MIN_UNREADABLE_SHORT = 2;
const SHORT_LENGTH = 16;

/** Short words and abbreviations found in names. */
const known =
  /^(?:https?|http[a-z]?|dns|tcp|udp|tls|ssl|ssh|sql|mysql|db|dbs|vm|vms|cpu|gpu|k8s|kb|mb|gb|tb|ms|hdd|ssd|nfs|smtp|ldap|grpc|rpc|jvm|gc|rps|tps|qps|vpn|vpc|lb|nlb|clb|sns|sqs|kms|rds|pvc|pv|crd|csv|pdf|ftp|sftp|xml|html|css|js|ts|mq|prd|prod|stg|dr|pct|sla|slo|bgp|ntp|hpa|tmp|svc|srv|wsl|cb|cdn|src|dst|rx|tx|nr|std|mgmt|cfg|ctrl|msg|th|nd|rd|is|in|on|of|to|by|up|ok|no|at|or|my|id|ids|io|ip|os|ha|ui|ci|cd|ml|ai|us|eu|ap|az|as|if|be|go|we|do|an|p|q|v|a|i|x|y|s|e)$/u;
const isKnown = (letters: string): boolean => known.test(letters.toLowerCase());
const VOWEL = /[aeiouy]/iu;
function unreadable(piece: string): boolean {
  if (isKnown(piece)) return false;
  // The acronym in "HTTPServer" ends before the last capital, that in "SRVfra" with it.
  const capitals = /^[A-Z]{2,}/u.exec(piece)?.[0] ?? "";
  const acronym = capitals.slice(0, -1);
  return (
    piece.length < 3 ||
    !VOWEL.test(piece) ||
    /[bcdfghj-np-tv-xz]{5}/u.test(piece.slice(capitals.length)) ||
    (acronym.length >= 2 && !VOWEL.test(acronym) && !isKnown(acronym) && !isKnown(capitals))
  );
}

/**
 * Whether a mixed-case text is random: many of its parts are unpronounceable. Machines and devices have names like
 * "SRV-DC01-FRA-Prd02b": one part between dashes must be long enough to decide.
 */
function isByChance(whole: string): boolean {
  const parts = whole.split(/[_-]/u);
  const text = parts.reduce((longest, part) => (part.length > longest.length ? part : longest), "");
  if (parts.length > MAX_PARTS || text.length < MIN_LENGTH) return false;
  const words = text.match(pieces) ?? [];
  const count = words.filter(unreadable).length;
  const turns = text.match(/\d(?=[A-Za-z])|[A-Za-z](?=\d)/gu)?.length ?? 0;
  const least = text.length < SHORT_LENGTH ? MIN_UNREADABLE_SHORT : MIN_UNREADABLE;
  return count > 0 && count + Math.floor(turns / 3) >= least && count * 3 >= words.length;
}

/** Removes such identifiers from a title in its original case. */
export const mixedCaseIdsOut = (title: string, onReplaced: (one: Replaced) => void): string =>
  title.replace(candidate, (match: string, prefix: string, text: string) => {
    if (!isByChance(text)) return match;
    const by = `${prefix}<id>`;
    onReplaced({ text: match, by, why: "an identifier is another one each time" });
    return by;
  });
