import type { PolicyDescription } from "./account.ts";

export type Agent = {
  readonly id: string;
  readonly type: "user_reference" | "inbound_integration_reference";
  readonly summary: string;
};

/** Who does something and by which way: PagerDuty's own timers have no agent. */
export type By = {
  readonly agent: Agent | null;
  readonly channel: "api" | "website" | "auto" | "timeout";
};

export type Status = "triggered" | "acknowledged" | "resolved";
export type Urgency = "high" | "low";
export type Severity = "info" | "warning" | "error" | "critical";

/** One of the things that PagerDuty will do by itself at a moment. */
export type Timer = { readonly at: number; readonly cancel: () => void };
export type PendingAction = "escalate" | "unacknowledge" | "resolve";

export type Alert = {
  readonly id: string;
  /** Where it was raised: a merge may take it to an incident of another service. */
  readonly service: string;
  readonly key: string;
  readonly severity: Severity | null;
  readonly title: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** What else a monitor sent, by PagerDuty's names (PD-CEF), and its links and images. */
  readonly cef: Readonly<Record<string, unknown>>;
  readonly contexts: readonly object[];
  readonly createdAt: number;
  resolvedAt: number | null;
};

export type Note = {
  readonly id: string;
  readonly content: string;
  readonly user: string;
  readonly createdAt: number;
};

/** The types of log entries that can occur here (API reference, Log Entries). */
export type LogType =
  | "trigger"
  | "acknowledge"
  | "unacknowledge"
  | "annotate"
  | "assign"
  | "delegate"
  | "escalate"
  | "exhaust_escalation_path"
  | "repeat_escalation_path"
  | "notify"
  | "resolve"
  | "reopen"
  | "merge"
  | "snooze"
  | "urgency_change"
  | "priority_change";

export type LogEntry = {
  readonly id: string;
  readonly type: LogType;
  readonly at: number;
  readonly by: By;
  readonly text: string | null;
  /** Whom a notification went to. */
  readonly user: string | null;
};

/** An incident as PagerDuty keeps it. Times are milliseconds since the epoch. */
export type Incident = {
  readonly id: string;
  readonly number: number;
  readonly service: string;
  readonly createdAt: number;
  /** What it was opened with over REST; null for a monitor's, whose key is the alert's. */
  readonly key: string | null;
  /** The text that it was opened with over REST. */
  readonly body: string | null;
  title: string;
  status: Status;
  urgency: Urgency;
  /** Id of the priority. */
  priority: string | null;
  /** As it was when the incident opened, or was delegated to it: later changes of the policy do not reach it. */
  policy: PolicyDescription;
  /** From 1. */
  level: number;
  /** How often the policy has started again. */
  loops: number;
  assignments: readonly { readonly user: string; readonly at: number }[];
  assignedVia: "escalation_policy" | "direct_assignment";
  /** Who was on call at the level when it was reached. */
  onCall: readonly string[];
  acknowledgements: readonly { readonly user: string; readonly at: number }[];
  updatedAt: number;
  reopenedAt: number | null;
  resolvedAt: number | null;
  lastStatusChange: { readonly at: number; readonly by: By };
  /** The incident that this one was merged into. */
  mergedInto: string | null;
  alerts: Alert[];
  readonly notes: Note[];
  readonly log: LogEntry[];
  readonly timers: Map<PendingAction, Timer>;
};

export const assigneesOf = (incident: Incident): readonly string[] =>
  incident.assignments.map(({ user }) => user);
