import { commandOf, feedbackOf, type IncidentEvent, type Prediction, wordOf } from "@mrdata/incident";

const moves: readonly IncidentEvent["type"][] = [
  "reopened",
  "unacknowledged",
  "delegated",
  "reassigned",
  "escalated",
  "priority_updated",
  "service_updated",
];

/** Events that leave a hold as it is: the opening itself delivered again, and whatever no person did and moved nothing. */
export function keepsHold(event: IncidentEvent): boolean {
  const { type, actor, snapshot } = event;
  // PagerDuty never escalates low urgency by itself: what was lowered would wait for ever.
  if (snapshot !== null && snapshot.urgency !== "high") return false;
  if (type === "triggered") return true;
  // Whoever says it: by the settings of this moment its service is armed still.
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
 * True if the event shows that its incident needs a human, so that what is held beside it is doubtful too: a person
 * took it to others, raised it or called it real, or it was held and PagerDuty escalated it at the window's end.
 */
export function callsForPeople(event: IncidentEvent, stored: Prediction | null): boolean {
  const { type, actor, snapshot } = event;
  if (actor === "bot") return false;
  if (actor !== "human") return type === "escalated" && stored !== null && stored.holdUntil !== null;
  if (takenOver.includes(type)) return true;
  if (type === "priority_updated") return snapshot?.priority != null;
  return wordOf(feedbackOf(event)) === "real";
}
