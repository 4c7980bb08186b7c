/**
 * An alert type: service and normalised title, so that an alarm is recognised when it fires again. What differs between
 * two firings (ids, numbers, hosts, addresses, dates) becomes a placeholder.
 */
export type AlertType = {
  readonly service: string;
  /** The title in lower case with its variable parts replaced, for people to read. */
  readonly pattern: string;
  /** Stable key: `SERVICE:` and 16 hexadecimal digits. */
  readonly key: string;
};

const MAX_PATTERN_LENGTH = 300;
/**
 * PagerDuty cuts titles at 1,024 characters, but a webhook may have 256 KB: the patterns below take time quadratic in
 * the length, half a minute for that.
 */
const MAX_TITLE_LENGTH = 2_048;

// Order matters: the most specific first, because each replaces part of what a later one would match. Boundaries are
// lookarounds on letters and digits of any script, because \b knows ASCII only.
const before = "(?<![\\p{L}\\p{N}_])";
const after = "(?![\\p{L}\\p{N}_])";
const month =
  "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
const day = "\\d{1,2}(?:st|nd|rd|th)?";
const placeholders: readonly (readonly [RegExp, string])[] = [
  [/https?:\/\/([^\s/?#"'<>)\]]+)[^\s"'<>)\]]*/gu, "<url>"],
  [/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gu, "<mail>"],
  [
    new RegExp(`${before}[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}${after}`, "gu"),
    "<uuid>",
  ],
  [
    new RegExp(
      `${before}\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}(?:[t ]\\d{1,2}:\\d{2}(?::\\d{2})?(?:[.,]\\d+)?(?:z|[+-]\\d{2}:?\\d{2})?)?`,
      "gu",
    ),
    "<date>",
  ],
  [
    new RegExp(`${before}(?:${day}[ /-]${month}|${month}\\.? ${day})(?:(?:,? |[/-])\\d{4})?${after}`, "gu"),
    "<date>",
  ],
  [new RegExp(`${before}\\d{1,2}[./]\\d{1,2}[./]\\d{2,4}${after}`, "gu"), "<date>"],
  [new RegExp(`${before}\\d{1,2}:\\d{2}(?::\\d{2})?(?:[.,]\\d+)?(?:\\s?[ap]m)?${after}`, "gu"), "<time>"],
  [new RegExp(`${before}(?:\\d{1,3}\\.){3}\\d{1,3}(?:/\\d{1,2})?(?::\\d{1,5})?${after}`, "gu"), "<ip>"],
  [
    /(?<![\p{L}\p{N}_:])(?=[0-9a-f:]*::|(?:[0-9a-f]{1,4}:){7})[0-9a-f:]{3,45}(?:%\w+)?(?:\/\d{1,3})?(?![\p{L}\p{N}_:])/gu,
    "<ip>",
  ],
  // A host name: at least two labels, the last of letters, and a digit or a third label to distinguish it from
  // "db.timeout".
  [
    new RegExp(
      `${before}(?=[a-z0-9.-]*\\d|(?:[a-z0-9-]+\\.){2})[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*\\.[a-z]{2,}(?::\\d+)?${after}`,
      "gu",
    ),
    "<host>",
  ],
  [new RegExp(`${before}0x[0-9a-f]+${after}`, "gu"), "<hex>"],
  [/(?<![\p{L}\p{N}])(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{6,}(?![\p{L}\p{N}])/gu, "<hex>"],
  // How Kubernetes ends a pod's name: five of these letters and digits, behind the hash of its replica set or alone.
  [/(?<=<hex>-|[a-z0-9]-(?=[a-z]*\d+[a-z]))[bcdfghjklmnpqrstvwxz2456789]{5}(?![\p{L}\p{N}-])/gu, "<id>"],
  // Any remaining digits, in any script: "web-17" and "web-3" are the same, and so are "501ms" and "7ms". "5xx" and
  // "4xx" are different alarms.
  [/[-+]?\p{Nd}+(?:[.,]\p{Nd}+)*(?!\p{Nd}|[.,]\p{Nd}|xx(?!\p{L}))/gu, "<n>"],
];

/** Whitespace of all kinds, and invisible characters. */
const unseen = /[\p{Cc}\p{Cf}\p{Z}\s]+/gu;

/**
 * The title in one width and case, with whitespace and invisible characters as single spaces: as `normaliseTitle` reads
 * it, but with its variable parts unchanged.
 */
export const readableTitle = (title: string): string =>
  title.normalize("NFKC").toLowerCase().toWellFormed().replace(unseen, " ");

/**
 * The title with its variable parts replaced. Idempotent, safe for any Unicode text, at most 300 characters; a title
 * longer than any of PagerDuty's is cut first.
 */
export function normaliseTitle(title: string): string {
  let text = title.normalize("NFKC").toLowerCase().slice(0, MAX_TITLE_LENGTH).toWellFormed();
  for (const [pattern, placeholder] of placeholders) text = text.replace(pattern, placeholder);
  text = text.replace(unseen, " ").trim();
  return [...text].slice(0, MAX_PATTERN_LENGTH).join("").trim();
}

/** A cache: titles recur, and normalising one takes longer than a lookup. */
const known = new Map<string, { readonly pattern: string; readonly hash: string }>();
const MAX_KNOWN = 50_000;

/** The alert type of a title on a service. `service` is the service's PagerDuty id. */
export function alertTypeOf(service: string, title: string): AlertType {
  let entry = known.get(title);
  if (entry === undefined) {
    const pattern = normaliseTitle(title);
    entry = { pattern, hash: fnv1a64(pattern) };
    if (known.size >= MAX_KNOWN) known.clear();
    if (title.length <= MAX_TITLE_LENGTH) known.set(title, entry);
  }
  return { service, pattern: entry.pattern, key: `${service}:${entry.hash}` };
}

/**
 * FNV-1a over UTF-16 code units, 64 bits, 16 hexadecimal digits (Fowler, Noll, Vo; draft-eastlake-fnv). The hash is
 * kept in four parts of 16 bits, because every event's shard needs one and BigInt would take ten times as long. The
 * prime is 2^40 + 435, so a product is 435 times the hash plus the hash shifted left by 40 bits.
 */
export function fnv1a64(text: string): string {
  let [a, b, c, d] = [0xcbf2, 0x9ce4, 0x8422, 0x2325];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    for (let shift = 0; shift <= 8; shift += 8) {
      d ^= (unit >> shift) & 0xff;
      const d1 = d * 435;
      const c1 = c * 435 + (d1 >>> 16);
      const b1 = b * 435 + ((d & 0xff) << 8) + (c1 >>> 16);
      const a1 = a * 435 + (d >>> 8) + ((c & 0xff) << 8) + (b1 >>> 16);
      d = d1 & 0xffff;
      c = c1 & 0xffff;
      b = b1 & 0xffff;
      a = a1 & 0xffff;
    }
  }
  return [a, b, c, d].map((part) => part.toString(16).padStart(4, "0")).join("");
}
