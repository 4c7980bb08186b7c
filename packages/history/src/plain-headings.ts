import { columnWords } from "@mrdata/learning";

/** A heading of a table. */
export type Heading = {
  /** As written in the file; empty for columns that tools mark as unnamed. */
  readonly written: string;
  /** The name used in rows, without additions of tools. Repeated names are numbered. */
  readonly name: string;
  /** Whether it states that its times are in UTC. */
  readonly isUtc: boolean;
};

const UTC = /\s*[([](?:utc|gmt|z|utc[+-]0+(?::?00)?)[)\]]\s*$/iu;
/** Units of seconds, which are read as seconds anyway. */
const SECONDS = /\s*[([](?:s|secs?|seconds?)[)\]]\s*$/iu;
/** Objects of PagerDuty's incident that pandas flattens with `_` (`json_normalize(sep="_")`). */
const objects = [
  "resolve_reason_incident",
  "resolve_reason",
  "last_status_change_by",
  "escalation_policy",
  "service",
  "priority",
] as const;

/**
 * Strips the additions of tools from the headings of a table: a zone or unit in brackets, and a common prefix (`incident.id`,
 * `incident_id` …) if more headings are known without it. `isKnown` and `isNamed` take a normalised heading. Headings named by the caller
 * stay as written.
 */
export function plainHeadings(
  given: readonly string[],
  isKnown: (words: string) => boolean,
  isNamed: (words: string) => boolean = () => false,
): readonly Heading[] {
  const written = given.map((cell) => {
    const text = cell.trim();
    return /^unnamed: ?\d+$/iu.test(text) ? "" : text;
  });
  const asWritten = written.some((text) => isNamed(columnWords(text)));
  const bare = asWritten ? written : written.map((text) => text.replace(UTC, "").replace(SECONDS, ""));
  const names = asWritten ? bare : unflattened(withoutPrefix(bare, isKnown));
  const seen = new Map<string, number>();
  return names.map((name, i) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    const text = written[i] ?? "";
    const numbered = times === 1 || name === "" ? name : `${name} ${times}`;
    return { written: text, name: numbered, isUtc: !asWritten && UTC.test(text) };
  });
}

const MIN_PREFIXED = 3;

const MAX_PREFIXES = 3;

function withoutPrefix(names: readonly string[], isKnown: (words: string) => boolean): readonly string[] {
  const known = (those: readonly string[]) => those.filter((name) => isKnown(columnWords(name))).length;
  let best = names;
  for (const separator of [".", "_"]) {
    let shorter = names;
    for (let i = 0; i < MAX_PREFIXES; i++) {
      const next = withoutFirstWord(shorter, separator);
      if (next === null) break;
      shorter = next;
      if (known(shorter) > known(best)) best = shorter;
    }
  }
  return best;
}

/** The names without their common first word; null if they have none. */
function withoutFirstWord(names: readonly string[], separator: string): readonly string[] | null {
  const nonEmpty = names.filter((name) => name !== "");
  const [first = ""] = nonEmpty;
  const prefix = first.slice(0, first.indexOf(separator) + 1);
  const isCommon = nonEmpty.every((name) => name.startsWith(prefix) && name.length > prefix.length);
  if (nonEmpty.length < MIN_PREFIXED || prefix.length < 2 || !isCommon) return null;
  return names.map((name) => name.slice(prefix.length));
}

/** Turns `service_summary` into `service.summary` if `service_type` shows that objects were flattened. */
function unflattened(names: readonly string[]): readonly string[] {
  const all = new Set(names);
  if (!["type", "summary"].every((field) => all.has(`service_${field}`))) return names;
  return names.map((name) => {
    const object = objects.find((one) => name.startsWith(`${one}_`));
    return object === undefined
      ? name
      : `${object.replace("reason_incident", "reason.incident")}.${name.slice(object.length + 1)}`;
  });
}

/** Appends `UTC` to a time from a UTC column, unless it has an offset of its own. */
export const inUtc = (cell: string): string =>
  /\d:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s?[ap]m)?\s*$/iu.test(cell) && !/[+-]\d{2}:?\d{2}\s*$/u.test(cell)
    ? `${cell.trim()} UTC`
    : cell;
