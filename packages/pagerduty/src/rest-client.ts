import { type ConnectionCalls, connectionCalls } from "./connection-calls.ts";
import { type DirectoryCalls, directoryCalls } from "./directory-calls.ts";
import { PagerDutyError } from "./errors.ts";
import { type HistoryCalls, historyCalls } from "./history-calls.ts";
import { reader } from "./read-answer.ts";
import { type BeforeRetry, type ClientOptions, requester } from "./request.ts";
import {
  alertsAnswer,
  incidentAnswer,
  incidentsAnswer,
  logEntriesAnswer,
  notesAnswer,
  type RestIncident,
  type RestLogEntry,
  type RestNote,
} from "./rest-types.ts";
import { type SubscriptionCalls, subscriptionCalls } from "./subscription-calls.ts";

export type IncidentFilter = {
  readonly statuses?: readonly string[];
  readonly serviceIds?: readonly string[];
  readonly userIds?: readonly string[];
  /** What the incident was opened with, or a monitor's `dedup_key`. */
  readonly incidentKey?: string;
  /** Milliseconds since the epoch. */
  readonly since?: number;
  readonly until?: number;
};

/** The one client of PagerDuty's REST API v2. Every method throws PagerDutyError. */
export type PagerDuty = IncidentCalls & DirectoryCalls & SubscriptionCalls & ConnectionCalls & HistoryCalls;

export type IncidentCalls = {
  getIncident(id: string): Promise<RestIncident>;
  /** PUT /incidents/{id} with `escalation_level`, from 1. 1006: cannot be escalated; 1015: nobody on call there. */
  escalate(id: string, level: number, options?: BeforeRetry): Promise<void>;
  /** Moves the incident to another policy, from its level 1 on. */
  delegateToPolicy(id: string, policy: string, options?: BeforeRetry): Promise<void>;
  listNotes(id: string): Promise<readonly RestNote[]>;
  /** The custom details of the incident's alerts, the first alert first, one page of them. */
  listAlertDetails(id: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  addNote(id: string, content: string, options?: BeforeRetry): Promise<void>;
  /**
   * Opens an incident of high urgency in the bot's name; answers with its id. `key` is its own: a request that was
   * made and never answered is found by it, and not made twice.
   */
  openIncident(wanted: {
    readonly service: string;
    readonly title: string;
    readonly key: string;
  }): Promise<string>;
  listLogEntries(id: string): AsyncIterable<RestLogEntry>;
  /** Page by page, as far as PagerDuty lets one go: offset and limit together at most 10,000. */
  /** Throws at the end, after all others, if there were incidents that it could not read. */
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
    ...historyCalls(reads),
    getIncident: async (id) => (await read(incidentAnswer, ["incidents", id])).incident,
    escalate: (id, level, beforeRetry) => change(id, { escalation_level: level }, beforeRetry),
    delegateToPolicy: (id, policy, beforeRetry) =>
      change(id, { escalation_policy: { id: policy, type: "escalation_policy_reference" } }, beforeRetry),
    listNotes: async (id) => (await read(notesAnswer, ["incidents", id, "notes"])).notes,
    listAlertDetails: async (id) =>
      (await read(alertsAnswer, ["incidents", id, "alerts"], { sort_by: "created_at:asc" })).alerts,
    async addNote(id, content, beforeRetry = {}) {
      await request({
        method: "POST",
        path: ["incidents", id, "notes"],
        body: { note: { content } },
        from: true,
        ...beforeRetry,
      });
    },
    async openIncident({ service, title, key }) {
      const find = async (): Promise<string | null> => {
        const { list } = await read(incidentsAnswer, ["incidents"], {
          incident_key: key,
          service_ids: [service],
        });
        return list.find((one) => one !== null)?.id ?? null;
      };
      const answer = await request({
        method: "POST",
        path: ["incidents"],
        body: {
          incident: {
            type: "incident",
            title,
            urgency: "high",
            incident_key: key,
            service: { id: service, type: "service_reference" },
          },
        },
        from: true,
        beforeRetry: async () => (await find()) === null,
      });
      const made = incidentAnswer.safeParse(answer);
      const id = made.success ? made.data.incident.id : await find();
      if (id === null)
        throw new PagerDutyError("POST /incidents", 200, null, ["the new incident is not there"]);
      return id;
    },
    listLogEntries: (id) => readPages(logEntriesAnswer, ["incidents", id, "log_entries"]),
    async *listIncidents({ statuses = [], serviceIds = [], userIds = [], incidentKey, since, until }) {
      const pages = readPages(incidentsAnswer, ["incidents"], {
        statuses,
        service_ids: serviceIds,
        user_ids: userIds,
        incident_key: incidentKey,
        ...(since === undefined ? {} : { since: new Date(since).toISOString() }),
        ...(until === undefined ? {} : { until: new Date(until).toISOString() }),
      });
      let unread = 0;
      for await (const one of pages) {
        if (one === null) unread++;
        else yield one;
      }
      if (unread > 0)
        throw new PagerDutyError("GET /incidents", 200, null, [`${unread} incidents of an unexpected shape`]);
    },
  };
}
