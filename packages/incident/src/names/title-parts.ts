import { namesOf, readTitle } from "./names-of.ts";

/** A title's finest name, and the parts of the title that it replaces, in the order of its placeholders. */
export type TitleParts = { readonly name: string; readonly parts: readonly string[] };

const PLACEHOLDER = /<\p{Ll}+>/gu;
/** Longer parts are no recurring values. */
const MAX_PART_LENGTH = 60;

/**
 * The parts of a title that its finest name replaces. Empty where they cannot be determined: where placeholders are
 * adjacent, or the name was cut. Takes time linear in the title's length.
 *
 * @example
 * ```ts
 * partsOf("Disk usage over 95%"); // => { name: "disk usage over <n>%", parts: ["95"] }
 * ```
 */
export function partsOf(title: string): TitleParts {
  const [name] = namesOf(title);
  const text = readTitle(title);
  const literals = name.split(PLACEHOLDER);
  const [first = "", ...rest] = literals;
  if (rest.length === 0 || !text.startsWith(first)) return { name, parts: [] };
  const parts: string[] = [];
  let from = first.length;
  for (const [i, literal] of rest.entries()) {
    const isLast = i === rest.length - 1;
    if (literal === "" && !isLast) return { name, parts: [] };
    const to = isLast ? text.length - literal.length : text.indexOf(literal, from + 1);
    if (to <= from || !text.endsWith(isLast ? literal : "")) return { name, parts: [] };
    parts.push(text.slice(from, to));
    from = to + literal.length;
  }
  return { name, parts: parts.some((part) => part.length > MAX_PART_LENGTH) ? [] : parts };
}

/** The name with one placeholder, by position from 0, replaced by a part. */
export function withPart(name: string, place: number, part: string): string {
  let i = -1;
  return name.replace(PLACEHOLDER, (placeholder) => {
    i++;
    return i === place ? part : placeholder;
  });
}
