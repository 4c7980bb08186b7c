import { outOfRange } from "@mrdata/base";
import type { IncidentEvent } from "./event.ts";
import type { Feedback } from "./past-incident.ts";
import type { Timeline } from "./timeline.ts";

/** Commands that a person may write in a note that starts with `mrdata:`. */
export const noteCommands = ["noise", "real", "never hold this", "ok to hold", "disarm"] as const;
export type NoteCommand = (typeof noteCommands)[number];

/** Commands that make the bot more careful: they need not wait for earlier events. */
const carefulCommands: readonly NoteCommand[] = ["real", "never hold this", "disarm"];
/** True for a command that makes the bot more careful: it need not wait for earlier events. */
export const isCareful = (word: NoteCommand | null): boolean =>
  word !== null && carefulCommands.includes(word);

/** PagerDuty prefixes a note that is written while resolving. */
const NOTE = /^\s*(?:resolution note:\s*)?mrdata:\s*(.*)$/isu;

/**
 * The text of a note after `mrdata:`, in lower case, whoever wrote it; null for a note that does not start so.
 *
 * @example
 * ```ts
 * feedbackTextIn("Resolution Note: mrdata: Real, the disk was full"); // => "real, the disk was full"
 * feedbackTextIn("the disk was full"); // => null
 * ```
 */
export function feedbackTextIn(note: string): string | null {
  const match = NOTE.exec(note);
  return match === null ? null : (match[1] ?? outOfRange()).trim().toLowerCase();
}

/**
 * A person's text in a note that starts with `mrdata:`, without the prefix, in lower case; null for anything else.
 *
 * @example
 * ```ts
 * const note = { type: "annotated", actor: "human", note: "mrdata: Noise" };
 * feedbackOf(note); // => "noise"
 * feedbackOf({ ...note, actor: "agent" }); // => null
 * ```
 */
export const feedbackOf = (event: IncidentEvent): string | null =>
  event.type === "annotated" && event.actor === "human" ? feedbackTextIn(event.note ?? "") : null;

/**
 * The command at the start of a note's feedback; null where there is none.
 *
 * @example
 * ```ts
 * leadingCommand("never  hold this: it is the payments"); // => "never hold this"
 * leadingCommand("reality"); // => null
 * ```
 */
export const leadingCommand = (feedback: string | null): NoteCommand | null => {
  const text = feedback?.replace(/\s+/gu, " ").trim();
  if (text === undefined) return null;
  return noteCommands.find((word) => new RegExp(`^${word}(?![\\p{L}\\p{N}])`, "u").test(text)) ?? null;
};

/**
 * The command in a note that the bot obeys: a person's; and `disarm` from anybody except the bot itself, because
 * whatever program brought it here, nothing is armed until a person arms it. Null for anything else.
 *
 * @example
 * ```ts
 * commandOf({ type: "annotated", actor: "agent", note: "mrdata: disarm" }); // => "disarm"
 * commandOf({ type: "annotated", actor: "agent", note: "mrdata: ok to hold" }); // => null
 * commandOf({ type: "annotated", actor: "bot", note: "mrdata: disarm" }); // => null
 * ```
 */
export function commandOf(event: IncidentEvent): NoteCommand | null {
  const said = leadingCommand(feedbackOf(event));
  if (said !== null || event.type !== "annotated" || event.actor === "bot") return said;
  return leadingCommand(feedbackTextIn(event.note ?? "")) === "disarm" ? "disarm" : null;
}

/** How a person last labelled the incident, and when; on a tie `real`. Null where nobody did. */
export function feedbackIn(timeline: Timeline): Feedback | null {
  let last: Feedback | null = null;
  for (const event of timeline) {
    const said = leadingCommand(feedbackOf(event));
    if (said !== "noise" && said !== "real") continue;
    const { occurredAt: at } = event;
    if (last === null || at > last.at || (at === last.at && said === "real")) last = { said, at };
  }
  return last;
}
