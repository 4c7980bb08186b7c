import type { Prediction } from "@mrdata/incident";

/** Every note of the bot's starts with this, so that it is recognised before it would be written twice. */
export const NOTE_MARKER = "Mr Data:";

/** On an incident that a person assigned to the bot by hand. */
export const assignedNote = `${NOTE_MARKER} assigned to me by hand. What a person assigned I leave alone, so nobody is paged for this: reassign it to a person, or escalate it.`;

/** Sentences of why, at most so many. */
const MOST_REASONS = 3;

/** The note on the incident: what was decided, why, until when, and how to overrule it. At most about 600 characters. */
export function noteOf(prediction: Prediction): string {
  const { decision, decidedBy, holdUntil, verdicts, probability } = prediction;
  const percent = probability === null ? null : `${Math.round(probability * 100)} %`;
  const because = prediction.reasons.slice(0, MOST_REASONS).join(" ");
  // What the threshold says of it has the probability in it already.
  const chance = decidedBy === "threshold" ? "" : `${percent} likely to resolve itself. `;
  // By what it is known, itself or others of its kind.
  const known = verdicts.find(({ name }) => name === "novelty")?.sentence ?? "";
  const objection = verdicts.find(({ name }) => name === decidedBy)?.sentence ?? null;
  const paged = prediction.mode === "armed" || prediction.taken.action !== "none";
  const lines =
    decision === "hold"
      ? [
          `${NOTE_MARKER} likely to resolve itself (${percent}). ${because} ${known}`.trim(),
          holdUntil === null
            ? "No page was held back: this service is not armed."
            : `Held until ${new Date(holdUntil).toISOString().slice(11, 19)} UTC, then PagerDuty escalates by itself. To page now: escalate the incident, or add the note 'mrdata: real'.`,
        ]
      : [
          `${NOTE_MARKER} ${paged ? "paged at once" : "would page at once"}. ${objection ?? ""}`.trim(),
          ...(percent === null || because === "" ? [] : [`${chance}${because}`]),
        ];
  // Whatever a person writes on what is held pages at once: of a hold only what asks for that is offered.
  const wrong =
    holdUntil === null
      ? "Wrong? Add the note 'mrdata: real', 'mrdata: noise' or 'mrdata: never hold this'."
      : "Wrong? 'mrdata: never hold this' pages too, and holds this alert no more.";
  return [...lines, wrong].join("\n");
}
