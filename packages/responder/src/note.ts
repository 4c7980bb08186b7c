import type { Prediction } from "@mrdata/incident";

/** Every note of the bot's starts with this, so that it is recognised before it would be written twice. */
export const NOTE_MARKER = "Mr Data:";

/** The note on the incident: what was decided, why, until when, and how to overrule it. At most about 600 characters. */
export function noteOf(prediction: Prediction): string {
  const percent = prediction.probability === null ? null : `${Math.round(prediction.probability * 100)} %`;
  const because = prediction.reasons.join(" ");
  const lines =
    prediction.decision === "hold"
      ? [
          `${NOTE_MARKER} likely to resolve itself (${percent}). ${because}`.trim(),
          prediction.holdUntil === null
            ? "Nobody's page was held: this service is not armed."
            : `Held until ${new Date(prediction.holdUntil).toISOString().slice(11, 19)} UTC, then PagerDuty escalates by itself. To page now: escalate the incident.`,
        ]
      : [
          percent === null
            ? `${NOTE_MARKER} no prediction (${prediction.abstained}).`
            : `${NOTE_MARKER} paged at once: ${percent} likely to resolve itself. ${because}`.trim(),
        ];
  return [...lines, "Wrong? Add a note that starts with 'mrdata: real' or 'mrdata: noise'."].join("\n");
}
