/**
 * The events that the bot cannot do without: every way in which an incident opens, closes, or comes to wait on the bot
 * again, and the notes that people talk to it with. Without one of them a hold would end late or an outcome be wrong.
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
] as const;
