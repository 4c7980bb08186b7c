/**
 * The events that the bot requires: every way in which an incident opens, closes, or comes to wait on the bot again,
 * the notes in which people give commands, and anything else that a person may do to it, which ends a hold. Without one
 * of them a hold would end late or an outcome be wrong. Events of automations alone (workflows, actions) are omitted.
 */
export const neededEvents = [
  "incident.triggered",
  "incident.acknowledged",
  "incident.unacknowledged",
  "incident.resolved",
  "incident.reopened",
  "incident.escalated",
  "incident.delegated",
  "incident.reassigned",
  "incident.priority_updated",
  "incident.annotated",
  "incident.service_updated",
  "incident.responder.added",
  "incident.responder.replied",
  "incident.status_update_published",
  "incident.conference_bridge.updated",
  "incident.incident_type.changed",
  "incident.custom_field_values.updated",
  "incident.role.assigned",
  "incident.task.created",
  "incident.task.updated",
  "incident.task.completed",
] as const;
