import type { IncidentEvent } from "./event.ts";
import type { Feedback } from "./past-incident.ts";
import type { Timeline } from "./timeline.ts";

/** What a person may say in a note that starts with `mrdata:`. */
export const feedbackWords = ["noise", "real", "never hold this", "ok to hold", "disarm"] as const;
export type FeedbackWord = (typeof feedbackWords)[number];

/** A note that is written while resolving comes with PagerDuty's words in front. */
const NOTE = /^\s*(?:resolution note:\s*)?mrdata:\s*(.*)$/isu;

/** What a person said in a note that starts with `mrdata:`, without that, in lower case; null for anything else. */
export const feedbackOf = (event: IncidentEvent): string | null => {
  const match = event.type === "annotated" && event.actor === "human" && NOTE.exec(event.note ?? "");
  return match ? (match[1] ?? "").trim().toLowerCase() : null;
};

/** The word that a note's feedback begins with; null for anything else. */
export const wordOf = (feedback: string | null): FeedbackWord | null => {
  const text = feedback?.replace(/\s+/gu, " ").trim();
  if (text === undefined) return null;
  return feedbackWords.find((word) => new RegExp(`^${word}(?![\\p{L}\\p{N}])`, "u").test(text)) ?? null;
};

/** What a person last called the incident, and when; null where nobody did. */
export function feedbackIn(timeline: Timeline): Feedback | null {
  for (const event of timeline.toReversed()) {
    const said = wordOf(feedbackOf(event));
    if (said === "noise" || said === "real") return { said, at: event.occurredAt };
  }
  return null;
}
