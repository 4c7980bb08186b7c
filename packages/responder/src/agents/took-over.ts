import type { IncidentEvent, Prediction } from "@mrdata/incident";

/**
 * True if a program's act stopped PagerDuty's timer while the bot held the page: an agent, or automation that nobody
 * named, acknowledged the incident or gave it to somebody. No person was told, and PagerDuty will tell none. What comes after the
 * hold's end finds people told.
 */
export function programStoppedTimer(
  { type, actor, occurredAt }: Pick<IncidentEvent, "type" | "actor" | "occurredAt">,
  stored: Pick<Prediction, "mode" | "holdUntil" | "ended" | "openedAt"> | null,
): boolean {
  if (!mayStopTimer({ type, actor })) return false;
  if (stored === null || stored.mode !== "armed" || stored.holdUntil === null) return false;
  const heldUntil = stored.ended?.at ?? stored.holdUntil;
  return occurredAt >= stored.openedAt && occurredAt <= heldUntil;
}

/** True of what a program does that stops PagerDuty's timer, if it runs. */
export const mayStopTimer = ({ type, actor }: Pick<IncidentEvent, "type" | "actor">): boolean =>
  (actor === "agent" || actor === "automation") && (type === "acknowledged" || type === "reassigned");

/** The incident as PagerDuty tells it at this moment. */
export type IncidentOfProgram = {
  readonly status: string;
  readonly assignees: readonly string[];
  /** The users who have acknowledged it. */
  readonly acknowledgedBy: readonly string[];
};

/**
 * Why the bot must leave the incident with whom it is, or null if only programs have it. The one exception to "only if
 * it is triggered": what a program acknowledged is taken back, what a person has is left alone. `programs`: PagerDuty
 * ids of the bot, of known agents, and of whoever stopped the timer.
 */
export function reasonNotToTakeBack(
  { status, assignees, acknowledgedBy }: IncidentOfProgram,
  programs: readonly string[],
): string | null {
  if (status === "resolved") return "The incident is resolved.";
  const people = [...new Set([...assignees, ...acknowledgedBy])].filter((user) => !programs.includes(user));
  return people.length === 0 ? null : `The incident is with ${people.join(", ")}, who may be a person.`;
}
