import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { csvLine } from "./csv.ts";
import { neutral, neutralJson, neutralLine } from "./neutral.ts";
import { neutralTerminal } from "./neutral-terminal.ts";

/** What a terminal, or whoever reads it, would take for something else than a character. */
const harm = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u115f\u1160\u3164\uffa0\ufdd0]|\u034f|\u17b4|\ufe0f/u;

test.each([
  ["colours (CSI)", "disk\u001b[31;1m full\u001b[0m", "disk full"],
  ["CSI in C1", "disk\u009b31m full", "disk full"],
  ["the cursor", "disk\u001b[2J\u001b[1;1H full", "disk full"],
  ["a link (OSC 8), ended by BEL", "\u001b]8;;https://evil.example\u0007here\u001b]8;;\u0007", "here"],
  ["a link (OSC 8), ended by ST", "\u001b]8;;https://evil.example\u001b\\here\u001b]8;;\u001b\\", "here"],
  ["a lone escape", "a\u001b", "a"],
  ["line breaks", "a\nb\r\nc\u0085d\u2028e\u2029f\u000bg\u000ch", "a b c d e f g h"],
  ["a tab", "a\tb", "a b"],
  ["NUL, BEL, backspace, DEL", "a\u0000\u0007\b\u007fb", "ab"],
  ["bidi marks", "a\u202eb\u202c\u2066c\u2069\u200e\u200f\u061c", "abc"],
  ["zero-width", "a\u200bb\u200cc\u200dd\ufeffe\u2060f\u00adg", "abcdefg"],
  ["tags and fillers", "a\u{e0041}\u3164\u115f\u034fb", "ab"],
  ["half a surrogate pair", "a\ud83d", "a\ufffd"],
])("%s do no harm", (_, given, harmless) => {
  expect(neutralLine(given)).toBe(harmless);
});

test.each([
  "Disk 91 % full on db-3 (größer als 90 %)",
  "支払いサービスが応答しません",
  "e\u0301 \u{1f600} — …",
])("what people write is left as it is: %s", (text) => {
  expect(neutralLine(text)).toBe(text);
});

const anyText = fc
  .array(fc.integer({ min: 0, max: 0x10ffff }))
  .map((points) => String.fromCodePoint(...points));
const nastyText = fc
  .array(fc.constantFrom(..."\u001b\u009b[]8;;\u0007\\m\n\r=\u202e\u2028\ud800a\"'"))
  .map((all) => all.join(""));

test("any text becomes harmless, and JSON keeps its meaning", () => {
  fc.assert(
    fc.property(fc.oneof(anyText, nastyText), (text) => {
      expect(neutralLine(text)).not.toMatch(harm);
      expect(neutral(text)).not.toMatch(harm);
      const json = JSON.stringify({ [text]: [text] });
      expect(neutral(json)).not.toMatch(harm);
      expect(JSON.parse(neutral(json))).toEqual(JSON.parse(json));
      const written = neutralJson(JSON.stringify({ text }, null, 2));
      expect(written.split("\n")).toHaveLength(3);
      expect(JSON.parse(written)).toEqual({ text });
    }),
  );
});

test("the terminal's own styles are kept, all others removed", () => {
  const lines: string[] = [];
  const terminal = neutralTerminal({
    out: (line) => void lines.push(line),
    say: (line) => void lines.push(line),
    progress: (line) => void lines.push(line),
    bold: (text) => `\u001b[1m${text}\u001b[22m`,
    dim: (text) => `\u001b[2m${text}\u001b[22m`,
  });
  terminal.out(`${terminal.bold("P1\u001b[31m\n")}  evil\u001b[1m bold ${terminal.dim("v1")}`);
  terminal.say("a\nb");
  terminal.progress("reading evil\u001b[2Jname.csv");
  terminal.out('{"title":"a\u202eb"}');
  expect(lines).toEqual([
    "\u001b[1mP1 \u001b[22m  evil bold \u001b[2mv1\u001b[22m",
    "a b",
    "reading evilname.csv",
    '{"title":"a\\u202eb"}',
  ]);
});

const formulas = ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"];

test.each(formulas)(
  "a cell that begins with %s is no formula, whatever stands before it or separates it",
  (sign) => {
    const evil = `${sign}HYPERLINK(1)`;
    for (const before of ["", " ", "\t", "\r", "\n", "\r\n", "\u2028", "\u200b", "\ufeff", '"', "'"]) {
      for (const value of [`${before}${evil}`, `a;${before}${evil}`, `a;"${before}${evil}`]) {
        const line = csvLine(["x", value, 7]);
        for (const delimiter of [",", ";", "\t"])
          for (const record of parse(line, { delimiter, relax_quotes: true, relax_column_count: true }))
            for (const cell of record)
              expect(cell, JSON.stringify([value, delimiter])).not.toMatch(/^[\s"]*[=+\-@＝＋－＠]/);
      }
    }
  },
);

test("cells follow RFC 4180, and numbers stay numbers", () => {
  expect(csvLine(['say "hi", all'])).toBe('"say ""hi"", all"');
  expect(csvLine([-5])).toBe("-5");
  expect(csvLine(["Disk 5-7 full; at 3 = too much"])).toBe("Disk 5-7 full; at 3 = too much");
  expect(csvLine(["a\nb", "c"])).toBe("a b,c");
});
