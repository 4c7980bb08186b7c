import { columnWords, umlautsFolded } from "./column-words.ts";
import { alone, phrases, unspaced, words } from "./words-of-the-end.ts";

const any = new Set(words);
const wholes = new Set(alone.map((name) => name.replaceAll(" ", "_")));
const inside = new RegExp(
  `(?:^|_)(?:${phrases
    .map((phrase) =>
      phrase.endsWith(" *")
        ? phrase.slice(0, -1).replaceAll(" ", "_")
        : `${phrase.replaceAll(" ", "_")}(?:_|$)`,
    )
    .join("|")})`,
  "u",
);
/** Names with these prefixes are durations, whatever follows. */
const beginning = /^(?:duration|down_time|outage|recovered|ended|engaged)_/u;
/** Words of at least this many letters do not begin other words by accident. */
const TELLING = 9;
const written = [...phrases.filter((phrase) => !phrase.endsWith("*")), ...words].map((phrase) =>
  phrase.replaceAll(" ", ""),
);
/** Who, when and why: after such a word they describe the end. */
const ending = "(?:closed?|resolved?|acknowledged?|solved|ended|(?:sys|last)?(?:updated|modified))";
/** `closedby`, `resolvedat`: written as one word. */
const squashed = new RegExp(
  `^(?:${ending}(?:by|at|on|date|time|code|notes?|reason|user|type)|(?:${written.join("|")})$|(?:${written
    .filter(({ length }) => length >= TELLING)
    .join("|")})|timeto|secondsto|laststatus)`,
  "u",
);

/**
 * True if a column's name says that its value is only known when the incident is over or under way. The words of the
 * name are compared, in any spelling; the name of a field inside an object is checked on its own.
 */
export function isKnownAfterwards(name: string): boolean {
  const joined = columnWords(name);
  return tellsTheEnd(joined) || tellsTheEnd(umlautsFolded(joined));
}

/** A setting with such a name is known beforehand, although it is about how incidents end: `resolve_time_threshold`. */
const isSetBeforehand = /_(?:threshold|schwellwert|schwelle|seuil|umbral|soglia)$/u;

function tellsTheEnd(joined: string): boolean {
  if (isSetBeforehand.test(joined)) return false;
  if (unspaced.some((part) => joined.includes(part))) return true;
  if (wholes.has(joined) || beginning.test(joined) || inside.test(joined)) return true;
  const each = joined.split("_");
  return each.length === 1 ? any.has(joined) || squashed.test(joined) : each.some((word) => any.has(word));
}
