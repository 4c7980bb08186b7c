/** A part of a title that a name leaves out, and why: for display. */
export type Replaced = { readonly text: string; readonly by: string; readonly why: string };

/**
 * One kind of variable part: a match becomes `by`, in which `$1` is the match's first group. Placeholders are in angle
 * brackets. `unless` receives the match and the text before it; if it returns true, the match is kept.
 */
export type Rule = {
  readonly pattern: RegExp;
  readonly by: string;
  readonly why: string;
  readonly unless?: (match: string, before: string, after: string) => boolean;
};

/** Not within a word or number of any script: \b knows ASCII only. */
export const before = "(?<![\\p{L}\\p{N}_])";
export const after = "(?![\\p{L}\\p{N}_])";

/** Applies the rules in order; `replaced` is called for every part removed. */
export function applyRules(text: string, rules: readonly Rule[], replaced: (one: Replaced) => void): string {
  let result = text;
  for (const { pattern, by, why, unless } of rules)
    result = result.replace(pattern, (match: string, ...rest: readonly unknown[]) => {
      const groups = rest.filter((one) => typeof one === "string" || one === undefined).slice(0, -1);
      const place = Number(rest.find((one) => typeof one === "number"));
      if (unless?.(match, result.slice(0, place), result.slice(place + match.length)) === true) return match;
      const put = by.replace(/\$(\d)/g, (_, group: string) => String(groups[Number(group) - 1] ?? ""));
      if (put !== match) replaced({ text: match, by: put, why });
      return put;
    });
  return result;
}
