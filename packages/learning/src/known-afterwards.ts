import { columnWords } from "./column-words.ts";

/**
 * Words that tell how an incident went on, wherever they stand in a name. English, and the labels of ServiceNow's
 * incident table in German and French, without their marks.
 */
const words: readonly string[] = [
  "closed",
  "closure",
  "resolved",
  "resolver",
  "resolution",
  "unresolved",
  "solved",
  "recovered",
  "acknowledge",
  "acknowledged",
  "acknowledgement",
  "acknowledgements",
  "acknowledger",
  "acked",
  "escalated",
  "escalations",
  "reassigned",
  "reassignment",
  "reassignments",
  "reopened",
  "reopen",
  "mitigated",
  "downtime",
  "outcome",
  "snoozed",
  "interruptions",
  "responders",
  "postmortem",
  "mttr",
  "ttr",
  "mtta",
  "tta",
  "geschlossen",
  "schliessung",
  "abschluss",
  "abschlusscode",
  "abschlussnotizen",
  "abschlusshinweise",
  "schliesscode",
  "gelost",
  "losung",
  "losungscode",
  "losungsnotizen",
  "losungshinweise",
  "behoben",
  "aktualisiert",
  "aktualisierungen",
  "arbeitsnotizen",
  "arbeitshinweise",
  "geschaftsdauer",
  "neuzuweisungen",
  "wiedereroffnungen",
  "ferme",
  "fermeture",
  "cloture",
  "resolu",
  "reouvertures",
  "reaffectations",
];

/** Words that do so one behind the other, at the beginning of a name or behind others; `*` at the end: whatever follows. */
const phrases: readonly string[] = [
  "close by",
  "close code",
  "close date",
  "close notes",
  "close reason",
  "close time",
  "resolve *",
  "ack by",
  "ack at",
  "ack time",
  "end at",
  "end date",
  "end time",
  "ended at",
  "ended by",
  "ended on",
  "ends at",
  "finished at",
  "completed at",
  "cleared at",
  "cleared by",
  "updated at",
  "updated by",
  "updated on",
  "last updated",
  "last update",
  "modified at",
  "modified by",
  "modified on",
  "last modified",
  "sys mod",
  "sys updated",
  "status change",
  "status changed",
  "work notes",
  "work note",
  "work start",
  "work end",
  "time worked",
  "hours worked",
  "additional comments",
  "assigned to",
  "assigned user",
  "assigned users",
  "assignment count",
  "assigned at",
  "escalation count",
  "engaged user",
  "engaged users",
  "engaged seconds",
  "active user",
  "active users",
  "time to",
  "seconds to",
  "minutes to",
  "sec to",
  "made sla",
  "sla breached",
  "response effort",
  "effort seconds",
  "auto resolve",
  "auto close",
  "root cause",
  "post mortem",
  "false positive",
  "true positive",
  "merged into",
  "merged with",
  "business duration",
  "calendar duration",
  "incident duration",
  "outage duration",
  "alert duration",
  "total duration",
  "incident status",
  "incident state",
  "ticket status",
  "ticket state",
  "alert status",
  "alert state",
  "current status",
  "final status",
  "total notifications",
  "zugewiesen an",
  "zugewiesen zu",
  "zusatzliche kommentare",
  "mis a jour",
  "affecte a",
  "assigne a",
  "notes de travail",
  "commentaires supplementaires",
  "temps travaille",
  "temps passe",
];

/** Names that do so, alone. */
const alone: readonly string[] = [
  "status",
  "state",
  "outcome",
  "label",
  "updated",
  "updates",
  "modified",
  "assignee",
  "assignees",
  "ended",
  "comments",
  "comments and work notes",
  "notifications",
  "duration",
  "zustand",
  "dauer",
  "kommentare",
  "beendet",
  "etat",
  "statut",
  "duree",
  "commentaires",
];

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
/** Names that begin so tell how long, whatever follows. */
const beginning = /^(?:duration|down_time|outage|recovered|ended|engaged)_/u;
/** Of these so many letters and more are no accident at the beginning of another word. */
const TELLING = 9;
const written = [...phrases.filter((phrase) => !phrase.endsWith("*")), ...words].map((phrase) =>
  phrase.replaceAll(" ", ""),
);
/** Who, when and why: behind such a word they tell of the end. */
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
 * name are compared, in any spelling; the name of a field inside of an object is asked by itself.
 */
export function isKnownAfterwards(name: string): boolean {
  const joined = columnWords(name);
  if (wholes.has(joined) || beginning.test(joined) || inside.test(joined)) return true;
  const each = joined.split("_");
  return each.length === 1 ? any.has(joined) || squashed.test(joined) : each.some((word) => any.has(word));
}
