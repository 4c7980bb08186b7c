import { shieldAddresses } from "./addresses.ts";
import { clusterNameRules } from "./cluster-names.ts";
import { certainDateRules, dateRules } from "./dates.ts";
import { certainIdentifierRules, identifierRules } from "./identifiers.ts";
import { exponentRules, measureRules } from "./measures.ts";
import { after, applyRules, before, type Replaced, type Rule } from "./rule.ts";

const volatileRules: readonly Rule[] = [
  ...certainIdentifierRules,
  ...exponentRules,
  ...certainDateRules,
  ...clusterNameRules,
  ...dateRules,
  ...identifierRules,
  ...measureRules,
];

type OnReplaced = (one: Replaced) => void;
const ignoreReplaced: OnReplaced = () => {};

const MAX_PASSES = 4;

/** Repeats until nothing changes: one rule's result may match another rule, and the name of a name must be itself. */
function settle(text: string, pass: (text: string) => string): string {
  let known = text;
  for (let i = 0; i < MAX_PASSES; i++) {
    const next = pass(known);
    if (next === known) break;
    known = next;
  }
  return known;
}

/** The title without its volatile parts: identifiers, hashes, dates, measured values, pod suffixes. */
export const volatileOut = (title: string, onReplaced: OnReplaced = ignoreReplaced): string => {
  const { text, restore } = shieldAddresses(title);
  return restore(settle(text, (one) => applyRules(one, volatileRules, onReplaced)));
};

const topLevel =
  "com|org|net|io|dev|app|info|biz|cloud|local|internal|lan|corp|intranet|gov|edu|me|co|ai|tv|sh|de|fr|uk|eu|ch|at|nl|es|it|pl|cz|se|no|fi|dk|be|br|cn|jp|in|ru|us|ca|au|test|example|localhost";
const label = "[\\p{Ll}\\p{Lo}\\p{Nd}](?:[\\p{Ll}\\p{Lo}\\p{Nd}_-]*[\\p{Ll}\\p{Lo}\\p{Nd}])?";

const generalRules: readonly Rule[] = [
  {
    pattern: /[a-z][a-z0-9+]{1,15}:\/\/[^\s"'<>)\]]*(?:<\p{Ll}+>[^\s"'<>)\]]*)*/gu,
    by: "<url>",
    why: "a URL",
  },
  { pattern: /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gu, by: "<mail>", why: "an e-mail address" },
  // At least two labels, the last of letters, and what distinguishes it from "db.timeout": a digit, a third label, a
  // known ending.
  {
    pattern: new RegExp(
      `(?<![\\p{L}\\p{N}_.])(?=[^\\s:/]*[\\p{Nd}<]|(?:[^\\s.:/]+\\.){2}|[^\\s.:/]+\\.(?:${topLevel})(?![\\p{L}\\p{N}_-]))(?:${label}(?:-?<id>)?|<id>)(?:\\.(?:${label}(?:-?<id>)?|<id>))*\\.(?:xn--[a-z0-9-]+|\\p{Ll}{2,})(?::\\d{1,5})?${after}`,
      "gu",
    ),
    by: "<host>",
    why: "a host's name",
  },
  {
    pattern: new RegExp(`${before}localhost(?::\\d{1,5})?${after}`, "gu"),
    by: "<host>",
    why: "a host's name",
  },
  {
    pattern: /<duration>|<size>/gu,
    by: "<n>",
    why: "numbers, with the unit that they are written in",
  },
  // "5xx" and "4xx" are kinds of responses, not numbers.
  {
    pattern: /[-+]?\p{Nd}+(?:[.,]\p{Nd}+)*(?!\p{Nd}|[.,]\p{Nd}|xx(?!\p{L}))/gu,
    by: "<n>",
    why: "a number",
  },
  // An identifier of digits alone may be read as a number, a short one always is: "deploy #31", "deploy #1602".
  { pattern: /(?<![\p{L}\p{N}_.-])<id>(?![\p{L}\p{N}_.-])/gu, by: "<n>", why: "an identifier on its own" },
  // "1 pod is" and "3 pods are"
  { pattern: /(<n> \p{L}{3,})s(?![\p{L}\p{N}])/gu, by: "$1", why: "one or several" },
  { pattern: /(<n> (?:\p{L}+ ){0,3}?)(?:are|is)(?![\p{L}\p{N}])/gu, by: "$1is", why: "one or several" },
  { pattern: /(<n> (?:\p{L}+ ){0,3}?)(?:were|was)(?![\p{L}\p{N}])/gu, by: "$1was", why: "one or several" },
  { pattern: /(<n> (?:\p{L}+ ){0,3}?)(?:have|has)(?![\p{L}\p{N}])/gu, by: "$1has", why: "one or several" },
];

/** The same without numbers, addresses and hosts. */
export const generalOut = (name: string, onReplaced: OnReplaced = ignoreReplaced): string => {
  const { text, restore } = shieldAddresses(name);
  const without = restore(text, "<ip>");
  if (text !== name) onReplaced({ text: name, by: without, why: "an address" });
  return settle(without, (one) => applyRules(one, generalRules, onReplaced));
};

/** The name of a title that has no words at all. */
const NO_WORDS = "<no words>";

/** Only the words, in order. */
export const wordsOnly = (name: string): string =>
  name
    .replace(/<\p{Ll}+>/gu, " ")
    .replace(/[^\p{L}\p{M}]+/gu, " ")
    .trim() || NO_WORDS;
