import { isIPv6 } from "node:net";

/** Addresses are matched before anything else: parts of one look like dates, times, hashes and identifiers. */
const ipv4 = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}";
const ipv4Pattern = new RegExp(
  `(?<![\\p{L}\\p{N}_]|\\d\\.)${ipv4}(?:/\\d{1,2})?(?::\\d{1,5})?(?![\\p{L}\\p{N}_]|\\.\\d)`,
  "gu",
);
const mac =
  /(?<![\p{L}\p{N}:-])(?:[0-9a-f]{2}:){5}[0-9a-f]{2}(?![\p{L}\p{N}:-])|(?<![\p{L}\p{N}-])(?:[0-9a-f]{2}-){5}[0-9a-f]{2}(?![\p{L}\p{N}-])/gu;
/**
 * Standing free, or after a word and a colon, as in "instance:2001:db8::1": the word has a letter that is no
 * hexadecimal digit.
 */
const ipv6Candidate =
  /(?:(?<![\p{L}\p{N}_:.])|(?<=(?<![\p{L}\p{N}_:])[\p{L}_]*[g-z_][\p{L}_]*:))(\[?)([0-9a-f:]*:[0-9a-f:]*:[0-9a-f:.]*)(%\w(?:[\w.-]*\w)?)?(\/\d{1,3})?(\]?(?::\d{1,5})?)/gu;

/** Private Use Area characters stand in for addresses while the rest is processed: no monitor's title has any. */
const FIRST = 0xe000;
const LAST = 0xf8ff;
const privateUse = /[\ue000-\uf8ff]/gu;

export type Shielded = {
  readonly text: string;
  /** Puts the addresses back, or `by` in their place. */
  restore(text: string, by?: string): string;
};

/** Takes the addresses (IPv4, IPv6, MAC, with their port and prefix) out of a text in lower case. */
export function shieldAddresses(title: string): Shielded {
  const found: string[] = [];
  const shield = (address: string): string => {
    if (FIRST + found.length > LAST) return address;
    found.push(address);
    return String.fromCharCode(FIRST + found.length - 1);
  };
  const text = title
    .replace(privateUse, "")
    .replace(mac, shield)
    .replace(
      ipv6Candidate,
      (whole: string, open: string, address: string, zone = "", prefix = "", close: string) => {
        // The ends of "2001:db8::1: refused" and "at 2001:db8::1." are not part of the address.
        const own = [address, address.slice(0, -1), address.replace(/[:.]+$/u, "")].find((one) =>
          isIPv6(one),
        );
        if (own === undefined) return whole;
        if (own !== address) return `${open}${shield(own)}${whole.slice(open.length + own.length)}`;
        const port = open === "[" && close.startsWith("]") ? close : "";
        if (port !== "") return shield(whole);
        return `${open}${shield(`${own}${zone}${prefix}`)}${close}`;
      },
    )
    .replace(ipv4Pattern, shield);
  return {
    text,
    restore: (shielded, by) =>
      shielded.replace(privateUse, (sign) => by ?? found[sign.charCodeAt(0) - FIRST] ?? ""),
  };
}
