import type { Prediction } from "@mrdata/incident";

/** Every note of the bot's starts with this, so that it is recognised before it would be written twice. */
export const NOTE_MARKER = "Mr Data:";

/** The note on what a person assigned to the bot starts with this: it stands beside the note of an earlier decision. */
export const ASSIGNED_MARKER = "Mr Data, assigned to me by hand:";

/** On an incident that a person assigned to the bot by hand. */
export const assignedNote = `${ASSIGNED_MARKER} what a person assigned I leave alone, so nobody is paged for this: reassign it to a person, or escalate it.`;

/** Sentences of why, at most so many. */
const MAX_REASONS = 3;

/** Sentences of why as lines, each reason on its own. */
const reasonLines = (sentences: readonly string[]): readonly string[] =>
  sentences.slice(0, MAX_REASONS).flatMap((sentence) => {
    const [, side, reasons] = /^(What speaks (?:for|against) it): (.*)\.$/su.exec(sentence) ?? [];
    return side === undefined || reasons === undefined
      ? [sentence]
      : [`${side}:`, ...reasons.split("; ").map((reason) => `- ${reason}`)];
  });

/** A time of the day in a zone: `22:05:00 UTC`, `23:05:00 (Europe/Berlin)`. */
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
  // What the threshold says of it has the probability in it already.
  const chance = decidedBy === "threshold" ? [] : [`${percent} likely to resolve itself.`];
  // By what it is known, itself or others of its kind.
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
  // Whatever a person writes on what is held pages at once: of a hold only what asks for that is offered.
  const wrong =
    holdUntil === null
      ? "Wrong? Add the note 'mrdata: real', 'mrdata: noise' or 'mrdata: never hold this'."
      : "Wrong? 'mrdata: never hold this' pages too, and holds this alert no more.";
  return [...lines, wrong].join("\n");
}
