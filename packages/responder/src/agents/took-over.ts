import type { IncidentEvent, Prediction } from "@mrdata/incident";

/**
 * True if a program's act stopped PagerDuty's timer before any person was told: an agent, or automation that nobody named,
 * acknowledged the incident or gave it to somebody while the bot held its page, or had not paged it yet. PagerDuty will tell nobody
 * any more. What comes after the hold's end finds people told.
 */
export function programStoppedTimer(
  { type, actor, occurredAt }: Pick<IncidentEvent, "type" | "actor" | "occurredAt">,
  stored: StoppedPrediction | null,
): boolean {
  if (!mayStopTimer({ type, actor }) || stored === null) return false;
  const until = untoldUntil(stored);
  return until !== null && occurredAt >= stored.openedAt && occurredAt <= until;
}

type StoppedPrediction = Pick<Prediction, "mode" | "holdUntil" | "ended" | "openedAt" | "taken" | "window">;

/**
 * Until when nobody was told by the bot, nor by PagerDuty's timer: the end of the window that began with the opening, unless
 * the bot has paged before. A hold that was ended by a page that failed has told nobody. Null where nothing waited on the bot,
 * somebody was told, or it is not known.
 */
export function untoldUntil({
  mode,
  holdUntil,
  ended,
  openedAt,
  taken,
  window,
}: StoppedPrediction): number | null {
  if (mode !== "armed" && taken.failed !== true) return null;
  const isPaged = taken.action !== "none";
  if (holdUntil !== null) return isPaged ? Math.min(ended?.at ?? taken.at, holdUntil) : holdUntil;
  return isPaged || window === undefined ? null : openedAt + window;
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
