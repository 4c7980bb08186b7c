import { commandOf, feedbackOf, type IncidentEvent, leadingCommand, type Prediction } from "@mrdata/incident";

const moves: readonly IncidentEvent["type"][] = [
  "reopened",
  "unacknowledged",
  "delegated",
  "reassigned",
  "escalated",
  "priority_updated",
  "service_updated",
];

/**
 * Events that leave a hold as it is: a redelivered opening, and events that no person caused and that moved nothing.
 */
export function keepsHold(event: IncidentEvent): boolean {
  const { type, actor, snapshot } = event;
  // PagerDuty never escalates low urgency by itself: a lowered incident would wait for ever.
  if (snapshot !== null && snapshot.urgency !== "high") return false;
  if (type === "triggered") return true;
  // Anybody may say it; in the settings read for this event its service may still be armed.
  if (commandOf(event) === "disarm") return false;
  return actor !== "human" && !moves.includes(type);
}

const takenOver: readonly IncidentEvent["type"][] = [
  "escalated",
  "delegated",
  "reassigned",
  "responder.added",
];

/**
 * True if the event shows that its incident needs a human, which makes the holds beside it doubtful too: a person
 * reassigned it, raised its urgency or called it real, or it was held and PagerDuty escalated it at the window's end.
 */
export function callsForPeople(event: IncidentEvent, stored: Prediction | null): boolean {
  const { type, actor, snapshot } = event;
  if (actor === "bot") return false;
  if (actor !== "human") return type === "escalated" && stored !== null && stored.holdUntil !== null;
  if (takenOver.includes(type)) return true;
  if (type === "priority_updated") return snapshot?.priority != null;
  return leadingCommand(feedbackOf(event)) === "real";
}
