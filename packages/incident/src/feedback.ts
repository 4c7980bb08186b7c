import { outOfRange } from "@mrdata/base";
import type { IncidentEvent } from "./event.ts";
import type { Feedback } from "./past-incident.ts";
import type { Timeline } from "./timeline.ts";

/** What a person may say in a note that starts with `mrdata:`. */
export const feedbackWords = ["noise", "real", "never hold this", "ok to hold", "disarm"] as const;
export type FeedbackWord = (typeof feedbackWords)[number];

/** Those that make the bot more careful: they need not wait for anything that came before them. */
const carefulWords: readonly FeedbackWord[] = ["real", "never hold this", "disarm"];
/**
 * True for a word that makes the bot more careful: it need not wait for anything that came before it.
 */
export const isCareful = (word: FeedbackWord | null): boolean => word !== null && carefulWords.includes(word);

/** A note that is written while resolving comes with PagerDuty's words in front. */
const NOTE = /^\s*(?:resolution note:\s*)?mrdata:\s*(.*)$/isu;

/**
 * What stands in a note behind its `mrdata:`, in lower case, whoever wrote it; null for a note that does not begin so.
 *
 * @example
 * ```ts
 * spokenIn("Resolution Note: mrdata: Real, the disk was full"); // => "real, the disk was full"
 * spokenIn("the disk was full"); // => null
 * ```
 */
export function spokenIn(note: string): string | null {
  const match = NOTE.exec(note);
  return match === null ? null : (match[1] ?? outOfRange()).trim().toLowerCase();
}

/**
 * What a person said in a note that starts with `mrdata:`, without that, in lower case; null for anything else.
 *
 * @example
 * ```ts
 * const note = { type: "annotated", actor: "human", note: "mrdata: Noise" };
 * feedbackOf(note); // => "noise"
 * feedbackOf({ ...note, actor: "agent" }); // => null
 * ```
 */
export const feedbackOf = (event: IncidentEvent): string | null =>
  event.type === "annotated" && event.actor === "human" ? spokenIn(event.note ?? "") : null;

/**
 * The word that a note's feedback begins with; null for anything else.
 *
 * @example
 * ```ts
 * wordOf("never  hold this: it is the payments"); // => "never hold this"
 * wordOf("reality"); // => null
 * ```
 */
export const wordOf = (feedback: string | null): FeedbackWord | null => {
  const text = feedback?.replace(/\s+/gu, " ").trim();
  if (text === undefined) return null;
  return feedbackWords.find((word) => new RegExp(`^${word}(?![\\p{L}\\p{N}])`, "u").test(text)) ?? null;
};

/**
 * The word of a note that the bot goes by: what a person says; and `disarm` whoever says it but the bot itself, for whatever
 * program carried it here, nothing is armed until a person arms it. Null for anything else.
 *
 * @example
 * ```ts
 * commandOf({ type: "annotated", actor: "agent", note: "mrdata: disarm" }); // => "disarm"
 * commandOf({ type: "annotated", actor: "agent", note: "mrdata: ok to hold" }); // => null
 * commandOf({ type: "annotated", actor: "bot", note: "mrdata: disarm" }); // => null
 * ```
 */
export function commandOf(event: IncidentEvent): FeedbackWord | null {
  const said = wordOf(feedbackOf(event));
  if (said !== null || event.type !== "annotated" || event.actor === "bot") return said;
  return wordOf(spokenIn(event.note ?? "")) === "disarm" ? "disarm" : null;
}

/** What a person last called the incident, and when; of two at the same moment `real`. Null where nobody did. */
export function feedbackIn(timeline: Timeline): Feedback | null {
  let last: Feedback | null = null;
  for (const event of timeline) {
    const said = wordOf(feedbackOf(event));
    if (said !== "noise" && said !== "real") continue;
    const { occurredAt: at } = event;
    if (last === null || at > last.at || (at === last.at && said === "real")) last = { said, at };
  }
  return last;
}
