import type { IncidentEvent, Prediction } from "@mrdata/incident";

/**
 * True if a program stopped PagerDuty's escalation timer before anybody was notified: an agent, or automation that nobody has named,
 * acknowledged or reassigned the incident while the bot held its page or had not paged yet. PagerDuty will then notify nobody
 * by itself. After the end of the hold this cannot happen: people have been notified by then.
 */
export function programStoppedTimer(
  { type, actor, occurredAt }: Pick<IncidentEvent, "type" | "actor" | "occurredAt">,
  stored: StoppedPrediction | null,
): boolean {
  if (!mayStopTimer({ type, actor }) || stored === null) return false;
  const until = unnotifiedUntil(stored);
  return until !== null && occurredAt >= stored.openedAt && occurredAt <= until;
}

type StoppedPrediction = Pick<Prediction, "mode" | "holdUntil" | "ended" | "openedAt" | "taken" | "window">;

/**
 * Until when neither the bot nor PagerDuty's timer had notified anybody, milliseconds since the epoch: the end of the window that
 * began with the opening, or the bot's page if that came first. A hold that ended with a failed page has notified nobody. Null if
 * the incident did not wait on the bot, if somebody was notified, or if it is not known.
 */
export function unnotifiedUntil({
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

/** Whether the event is an action of a program that stops PagerDuty's escalation timer, if that is running. */
export const mayStopTimer = ({ type, actor }: Pick<IncidentEvent, "type" | "actor">): boolean =>
  (actor === "agent" || actor === "automation") && (type === "acknowledged" || type === "reassigned");

/** The incident's current state in PagerDuty. */
export type IncidentOfProgram = {
  readonly status: string;
  readonly assignees: readonly string[];
  /** The users who have acknowledged it. */
  readonly acknowledgedBy: readonly string[];
};

/**
 * Why the bot must not take the incident back, or null if only programs have it. The one exception to "only if
 * it is triggered": an incident that a program acknowledged is taken back, one that a person has is left alone. `programs`: PagerDuty
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
