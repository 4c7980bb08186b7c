import { assigneesOf, type Incident, type Status, type Urgency } from "./incident.ts";

/** An incident as it stands, for simulated people and for tests. Times are milliseconds since the epoch. */
export type IncidentView = {
  readonly id: string;
  readonly number: number;
  readonly service: string;
  readonly title: string;
  readonly status: Status;
  readonly urgency: Urgency;
  readonly priority: string | null;
  readonly policy: string;
  readonly level: number;
  readonly assignees: readonly string[];
  readonly assignedVia: Incident["assignedVia"];
  readonly createdAt: number;
  readonly resolvedAt: number | null;
  readonly mergedInto: string | null;
  readonly notes: readonly string[];
};

export const viewOf = (incident: Incident): IncidentView => ({
  id: incident.id,
  number: incident.number,
  service: incident.service,
  title: incident.title,
  status: incident.status,
  urgency: incident.urgency,
  priority: incident.priority,
  policy: incident.policy.id,
  level: incident.level,
  assignees: assigneesOf(incident),
  assignedVia: incident.assignedVia,
  createdAt: incident.createdAt,
  resolvedAt: incident.resolvedAt,
  mergedInto: incident.mergedInto,
  notes: incident.notes.map(({ content }) => content),
});
