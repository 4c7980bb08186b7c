import type { Prediction } from "@mrdata/incident";

/** Prefix of the bot's decision notes, by which it recognises its own note instead of writing it twice. */
export const NOTE_MARKER = "Mr Data:";

/** Prefix of the note on an incident that a person assigned to the bot: it may follow the note of an earlier decision. */
export const ASSIGNED_MARKER = "Mr Data, assigned to me by hand:";

/** The note on an incident that a person assigned to the bot by hand. */
export const assignedNote = `${ASSIGNED_MARKER} what a person assigned I leave alone, so nobody is paged for this: reassign it to a person, or escalate it.`;

/** The most reasons that a note gives. */
const MAX_REASONS = 3;

/** The reasons as lines, one line each. */
const reasonLines = (sentences: readonly string[]): readonly string[] =>
  sentences.slice(0, MAX_REASONS).flatMap((sentence) => {
    const [, side, reasons] = /^(What speaks (?:for|against) it): (.*)\.$/su.exec(sentence) ?? [];
    return side === undefined || reasons === undefined
      ? [sentence]
      : [`${side}:`, ...reasons.split("; ").map((reason) => `- ${reason}`)];
  });

/** The time of day in a time zone: `22:05:00 UTC`, `23:05:00 (Europe/Berlin)`. */
function timeOfDay(at: number, timeZone: string): string {
  const time = new Intl.DateTimeFormat("en-GB", { timeZone, timeStyle: "medium" }).format(at);
  return timeZone === "UTC" ? `${time} UTC` : `${time} (${timeZone})`;
}

/**
 * The note on the incident: what was decided, why, until when, and how to overrule it. At most about 600 characters.
 * `timeZone` (IANA) is that of the people who read it.
 */
export function noteOf(prediction: Prediction, timeZone = "UTC"): string {
  const { decision, decidedBy, holdUntil, verdicts, probability } = prediction;
  const percent = probability === null ? null : `${Math.round(probability * 100)} %`;
  const because = reasonLines(prediction.reasons);
  // The sentence of the threshold rail already contains the probability.
  const chance = decidedBy === "threshold" ? [] : [`${percent} likely to resolve itself.`];
  // How the alert is known: by its own past or by others of its kind.
  const known = verdicts.find(({ name }) => name === "novelty")?.sentence ?? "";
  const objection = verdicts.find(({ name }) => name === decidedBy)?.sentence ?? null;
  const paged = prediction.mode === "armed" || prediction.taken.action !== "none";
  const lines =
    decision === "hold"
      ? [
          `${NOTE_MARKER} likely to resolve itself (${percent}).`,
          ...because,
          ...(known === "" ? [] : [known]),
          holdUntil === null
            ? "No page was held back: this service is not armed."
            : `Held until ${timeOfDay(holdUntil, timeZone)}, then PagerDuty escalates by itself. To page now: escalate the incident, or add the note 'mrdata: real'.`,
        ]
      : [
          `${NOTE_MARKER} ${paged ? "paged at once" : "would page at once"}. ${objection ?? ""}`.trim(),
          ...(percent === null || because.length === 0 ? [] : [...chance, ...because]),
        ];
  // Any note of a person on a held incident pages at once, so a hold's note offers only commands that mean to page.
  const wrong =
    holdUntil === null
      ? "Wrong? Add the note 'mrdata: real', 'mrdata: noise' or 'mrdata: never hold this'."
      : "Wrong? 'mrdata: never hold this' pages too, and holds this alert no more.";
  return [...lines, wrong].join("\n");
}
