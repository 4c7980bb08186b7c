import { refusals } from "./errors.ts";
import { startEscalation } from "./escalation.ts";
import type { By, Note, Urgency } from "./incident.ts";
import { incidentOf, openIncidentOf, record, type World } from "./world.ts";

/** `null` takes the priority away. Throws 2001 for an unknown one. */
export function setPriority(world: World, id: string, priority: string | null, by: By): void {
  const incident = incidentOf(world, id);
  if (priority !== null && !world.directory.priorities.has(priority))
    throw refusals.invalid(`Priority ${priority} not found`);
  if (incident.priority === priority) return;
  incident.priority = priority;
  record(world, incident, "priority_change", by, priority);
  world.publish(incident, "priority_updated", by);
}

/** Low urgency ends the escalation, high urgency starts it. Sends no webhook. Throws 1001. */
export function setUrgency(world: World, id: string, urgency: Urgency, by: By): void {
  const incident = openIncidentOf(world, id);
  if (incident.urgency === urgency) return;
  incident.urgency = urgency;
  record(world, incident, "urgency_change", by, urgency);
  startEscalation(world, incident);
}

/** Sends no webhook. */
export function setTitle(world: World, id: string, title: string): void {
  const incident = incidentOf(world, id);
  if (title.trim() === "") throw refusals.invalid("Title may not be empty");
  incident.title = title;
  incident.updatedAt = world.clock.now();
}

/** At most 2,000 notes an incident (API reference, POST /incidents/{id}/notes). Throws 2001 and 2019. */
export function addNote(world: World, id: string, content: string, user: string, by: By): Note {
  const incident = incidentOf(world, id);
  if (content.trim() === "") throw refusals.invalid("Note content may not be empty");
  if (incident.notes.length >= MAX_NOTES)
    throw refusals.limitReached(`an incident can have ${MAX_NOTES} notes`);
  const note: Note = { id: world.ids.object("N"), content, user, createdAt: world.clock.now() };
  incident.notes.push(note);
  record(world, incident, "annotate", by, content);
  world.publish(incident, "annotated", by, content);
  return note;
}

const MAX_NOTES = 2000;
