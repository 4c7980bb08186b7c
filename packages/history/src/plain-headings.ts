import { columnWords } from "@mrdata/learning";

/** A heading as rows are read by it. */
export type Heading = {
  /** As it stands in the file; empty for what tools call an unnamed column. */
  readonly written: string;
  /** As rows have it: without what tools put around names. A name that comes again gets its number. */
  readonly name: string;
  /** It says that its times are in UTC. */
  readonly isUtc: boolean;
};

const UTC = /\s*[([](?:utc|gmt|z|utc[+-]0+(?::?00)?)[)\]]\s*$/iu;
/** What is counted in seconds is read in seconds. */
const SECONDS = /\s*[([](?:s|secs?|seconds?)[)\]]\s*$/iu;
/** Objects of PagerDuty's incident whose fields pandas puts behind them with `_` where it is told to (`json_normalize(sep="_")`). */
const objects = [
  "resolve_reason_incident",
  "resolve_reason",
  "last_status_change_by",
  "escalation_policy",
  "service",
  "priority",
] as const;

/**
 * The headings of a table without what tools put around the names of columns: a zone or a unit in brackets, and a word that
 * all of them begin with (`incident.id`, `incident_id` …) where more of them are known without it. `isKnown` is asked with a
 * heading's words. Headings that were named by the caller stay as they are written.
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
  const names = asWritten ? bare : asObjects(withoutPrefix(bare, isKnown));
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
  for (const mark of [".", "_"]) {
    let shorter = names;
    for (let i = 0; i < MAX_PREFIXES; i++) {
      const next = withoutFirstWord(shorter, mark);
      if (next === null) break;
      shorter = next;
      if (known(shorter) > known(best)) best = shorter;
    }
  }
  return best;
}

/** Names without the word that all of them begin with; null where they do not. */
function withoutFirstWord(names: readonly string[], mark: string): readonly string[] | null {
  const told = names.filter((name) => name !== "");
  const [first = ""] = told;
  const prefix = first.slice(0, first.indexOf(mark) + 1);
  const isCommon = told.every((name) => name.startsWith(prefix) && name.length > prefix.length);
  if (told.length < MIN_PREFIXED || prefix.length < 2 || !isCommon) return null;
  return names.map((name) => name.slice(prefix.length));
}

/** `service_summary` is `service.summary` where `service_type` beside it shows that objects were laid flat. */
function asObjects(names: readonly string[]): readonly string[] {
  const all = new Set(names);
  if (!["type", "summary"].every((field) => all.has(`service_${field}`))) return names;
  return names.map((name) => {
    const object = objects.find((one) => name.startsWith(`${one}_`));
    return object === undefined
      ? name
      : `${object.replace("reason_incident", "reason.incident")}.${name.slice(object.length + 1)}`;
  });
}

/** A time of a column that is in UTC says so, unless it has an offset of its own. */
export const inUtc = (cell: string): string =>
  /\d:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s?[ap]m)?\s*$/iu.test(cell) && !/[+-]\d{2}:?\d{2}\s*$/u.test(cell)
    ? `${cell.trim()} UTC`
    : cell;
