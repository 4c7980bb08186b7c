import { type ConnectionCalls, connectionCalls } from "./connection-calls.ts";
import { type DirectoryCalls, directoryCalls } from "./directory-calls.ts";
import { reader } from "./read-answer.ts";
import { type BeforeRetry, type ClientOptions, requester } from "./request.ts";
import {
  alertsAnswer,
  incidentAnswer,
  incidentsAnswer,
  notesAnswer,
  type RestIncident,
  type RestNote,
} from "./rest-types.ts";
import { type SubscriptionCalls, subscriptionCalls } from "./subscription-calls.ts";

export type IncidentFilter = {
  readonly statuses?: readonly string[];
  readonly serviceIds?: readonly string[];
  readonly userIds?: readonly string[];
  /** Milliseconds since the epoch. */
  readonly since?: number;
  readonly until?: number;
};

/** The one client of PagerDuty's REST API v2. Every method throws PagerDutyError. */
export type PagerDuty = IncidentCalls & DirectoryCalls & SubscriptionCalls & ConnectionCalls;

export type IncidentCalls = {
  getIncident(id: string): Promise<RestIncident>;
  /** PUT /incidents/{id} with `escalation_level`, from 1. 1006: cannot be escalated; 1015: nobody on call there. */
  escalate(id: string, level: number, options?: BeforeRetry): Promise<void>;
  /** Moves the incident to another policy, from its level 1 on. */
  delegateToPolicy(id: string, policy: string, options?: BeforeRetry): Promise<void>;
  listNotes(id: string): Promise<readonly RestNote[]>;
  /** The custom details of the incident's alerts, in PagerDuty's order, the first page of them. */
  listAlertDetails(id: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  addNote(id: string, content: string, options?: BeforeRetry): Promise<void>;
  /** Page by page, as far as PagerDuty lets one go: offset and limit together at most 10,000. */
  listIncidents(filter: IncidentFilter): AsyncIterable<RestIncident>;
};

export function createPagerDuty(options: ClientOptions): PagerDuty {
  const request = requester(options);
  const reads = reader(request);
  const { read, readPages } = reads;
  const change = async (
    id: string,
    incident: Readonly<Record<string, unknown>>,
    beforeRetry: BeforeRetry = {},
  ): Promise<void> => {
    await request({
      method: "PUT",
      path: ["incidents", id],
      body: { incident: { type: "incident_reference", ...incident } },
      from: true,
      ...beforeRetry,
    });
  };
  return {
    ...directoryCalls(reads),
    ...subscriptionCalls(request, reads),
    ...connectionCalls(request, options.clock),
    getIncident: async (id) => (await read(incidentAnswer, ["incidents", id])).incident,
    escalate: (id, level, beforeRetry) => change(id, { escalation_level: level }, beforeRetry),
    delegateToPolicy: (id, policy, beforeRetry) =>
      change(id, { escalation_policy: { id: policy, type: "escalation_policy_reference" } }, beforeRetry),
    listNotes: async (id) => (await read(notesAnswer, ["incidents", id, "notes"])).notes,
    listAlertDetails: async (id) => (await read(alertsAnswer, ["incidents", id, "alerts"])).alerts,
    async addNote(id, content, beforeRetry = {}) {
      await request({
        method: "POST",
        path: ["incidents", id, "notes"],
        body: { note: { content } },
        from: true,
        ...beforeRetry,
      });
    },
    listIncidents: ({ statuses = [], serviceIds = [], userIds = [], since, until }) =>
      readPages(incidentsAnswer, ["incidents"], {
        statuses,
        service_ids: serviceIds,
        user_ids: userIds,
        ...(since === undefined ? {} : { since: new Date(since).toISOString() }),
        ...(until === undefined ? {} : { until: new Date(until).toISOString() }),
      }),
  };
}
