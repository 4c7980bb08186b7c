import { outOfRange } from "@mrdata/base";
import { grown } from "./grown.ts";

/** Texts by index, packed into bytes: a string of its own takes three times as much memory as a short id has characters. */
export type PackedTexts = {
  readonly push: (text: string) => void;
  /** Throws RangeError for an index that no text has. */
  readonly at: (i: number) => string;
};

const FIRST_TEXTS = 1024;
const FIRST_BYTES = 16 * FIRST_TEXTS;
const LAST_OF_LATIN_1 = 0xff;

/**
 * Nothing is lost, not even half of a surrogate pair: what Latin-1 cannot write is kept as UTF-16.
 *
 * @example
 * ```ts
 * const ids = packedTexts();
 * ids.push("Q1");
 * ids.at(0); // => "Q1"
 * ```
 */
export function packedTexts(): PackedTexts {
  let count = 0;
  let ends = new Float64Array(FIRST_TEXTS);
  let wide = new Uint8Array(FIRST_TEXTS);
  let bytes = new Uint8Array(FIRST_BYTES);
  let buffer = Buffer.from(bytes.buffer);
  const endOf = (i: number): number => (i < 0 ? 0 : (ends[i] ?? outOfRange()));
  return {
    push(text) {
      const isWide = isBeyondLatin1(text);
      const encoding = isWide ? "utf16le" : "latin1";
      const from = endOf(count - 1);
      const end = from + Buffer.byteLength(text, encoding);
      ends = grown(ends, count + 1);
      wide = grown(wide, count + 1);
      if (end > bytes.length) {
        bytes = grown(bytes, end);
        buffer = Buffer.from(bytes.buffer);
      }
      buffer.write(text, from, encoding);
      ends[count] = end;
      wide[count] = Number(isWide);
      count++;
    },
    at(i) {
      if (i < 0 || i >= count) outOfRange();
      return buffer.toString(wide[i] === 1 ? "utf16le" : "latin1", endOf(i - 1), endOf(i));
    },
  };
}

function isBeyondLatin1(text: string): boolean {
  for (let k = 0; k < text.length; k++) if (text.charCodeAt(k) > LAST_OF_LATIN_1) return true;
  return false;
}
