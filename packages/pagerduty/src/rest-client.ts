import { createCallBudget } from "./call-budget.ts";
import { type ConnectionCalls, connectionCalls } from "./connection-calls.ts";
import { type DirectoryCalls, directoryCalls } from "./directory-calls.ts";
import { PagerDutyError } from "./errors.ts";
import { type AnnotationCalls, annotationCalls, type HistoryCalls, historyCalls } from "./history-calls.ts";
import { reader } from "./read-answer.ts";
import { type BeforeRetry, type CallLimits, type ClientOptions, requester } from "./request.ts";
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
  /** The key that the incident was opened with, or a monitor's `dedup_key`. */
  readonly incidentKey?: string;
  /**
   * Milliseconds since the epoch, both or neither: PagerDuty's default for a missing one is not documented. Without
   * them incidents of any age are listed.
   */
  readonly between?: { readonly since: number; readonly until: number };
  readonly newestFirst?: boolean;
};

/** The target of a move: a level of the incident's escalation policy, from 1, or level 1 of another policy. */
export type IncidentMove =
  | { readonly kind: "level"; readonly level: number }
  | { readonly kind: "policy"; readonly policy: string };

/**
 * The maximum number of incidents in one PUT /incidents: beyond it PagerDuty answers 413 (API reference, Manage
 * Incidents).
 */
export const MAX_MOVES = 250;

/** The only client of PagerDuty's REST API v2. Every method throws PagerDutyError. */
export type PagerDuty = IncidentCalls &
  DirectoryCalls &
  SubscriptionCalls &
  ConnectionCalls &
  HistoryCalls &
  AnnotationCalls;

export type IncidentCalls = {
  /** The share of this minute's calls that are left, from the last answer; null where none has reported it. */
  callsLeft(): number | null;
  getIncident(id: string, limits?: CallLimits): Promise<RestIncident>;
  /**
   * PUT /incidents/{id}, attempted once: callers read the incident before every attempt. 1006: cannot be escalated;
   * 1015: nobody is on call there. Returns the incident after the move, null where the answer has another shape.
   */
  moveIncident(id: string, to: IncidentMove, limits?: CallLimits): Promise<RestIncident | null>;
  /**
   * PUT /incidents with up to `MAX_MOVES` incidents, attempted once. Returns the incidents in the answer. How PagerDuty
   * refuses part of them is not documented: after a failure each may have been moved or not.
   */
  moveIncidents(
    moves: readonly { readonly id: string; readonly to: IncidentMove }[],
    limits?: CallLimits,
  ): Promise<readonly RestIncident[]>;
  listNotes(id: string): Promise<readonly RestNote[]>;
  /** The custom details of the incident's alerts, the first alert first; one page. */
  listAlertDetails(id: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  addNote(id: string, content: string, options?: BeforeRetry): Promise<void>;
  /**
   * Opens an incident of high urgency in the bot's name and returns its id. `key` is unique to it: a request that was
   * made and never answered is found by it and not repeated.
   */
  openIncident(wanted: {
    readonly service: string;
    readonly title: string;
    readonly key: string;
  }): Promise<string>;
  /** Newest first. */
  listLogEntries(id: string, limits?: CallLimits): AsyncIterable<RestLogEntry>;
  /**
   * Page by page, up to PagerDuty's limit: offset plus limit at most 10,000. An incident that leaves the list meanwhile
   * moves the later ones up, so that a page may skip some. Throws at the end, after all others, if there were incidents
   * that it could not read.
   */
  listIncidents(filter: IncidentFilter, limits?: CallLimits): AsyncIterable<RestIncident>;
};

/**
 * The client of one account with one key. It sends nothing until it is called; times and deadlines follow the given
 * clock, and no error ever contains the key. Rates, pages and errors: PagerDuty developer docs, REST API.
 *
 * @example
 * ```ts
 * const pagerduty = createPagerDuty({
 *   auth: { kind: "token", token: async () => "a-key" },
 *   from: null,
 *   clock: { now: () => 0, sleep: () => new Promise(() => {}) },
 *   fetch: async () => new Response('{"abilities":["teams"]}'),
 * });
 * pagerduty.listAbilities(); // => ["teams"]
 * ```
 */
export function createPagerDuty(options: ClientOptions): PagerDuty {
  const budget = createCallBudget(() => options.clock.now());
  const request = requester({ ...options, budget });
  const reads = reader(request);
  const { read, readPages } = reads;
  return {
    ...directoryCalls(reads),
    ...subscriptionCalls(request, reads),
    ...connectionCalls(request, options.clock),
    ...historyCalls(reads),
    ...annotationCalls(reads),
    callsLeft: budget.shareLeft,
    getIncident: async (id, limits) => (await read(incidentAnswer, ["incidents", id], {}, limits)).incident,
    async moveIncident(id, to, limits) {
      const answer = await request({
        method: "PUT",
        path: ["incidents", id],
        body: { incident: { type: "incident_reference", ...moveBody(to) } },
        from: true,
        limits: { ...limits, attempts: 1 },
      });
      const moved = incidentAnswer.safeParse(answer);
      return moved.success ? moved.data.incident : null;
    },
    async moveIncidents(moves, limits) {
      const answer = await request({
        method: "PUT",
        path: ["incidents"],
        body: { incidents: moves.map(({ id, to }) => ({ id, type: "incident_reference", ...moveBody(to) })) },
        from: true,
        limits: { ...limits, attempts: 1 },
      });
      const moved = incidentsAnswer.safeParse(answer);
      return moved.success ? moved.data.list.filter((one) => one !== null) : [];
    },
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
    listLogEntries: (id, limits) => readPages(logEntriesAnswer, ["incidents", id, "log_entries"], {}, limits),
    async *listIncidents(filter, limits) {
      const { statuses = [], serviceIds = [], userIds = [], incidentKey, between, newestFirst } = filter;
      const query = {
        statuses,
        service_ids: serviceIds,
        user_ids: userIds,
        incident_key: incidentKey,
        ...(newestFirst ? { sort_by: "created_at:desc" } : {}),
        ...(between === undefined
          ? { date_range: "all" }
          : {
              since: new Date(between.since).toISOString(),
              until: new Date(between.until).toISOString(),
            }),
      };
      const pages = readPages(incidentsAnswer, ["incidents"], query, limits);
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

const moveBody = (to: IncidentMove): Readonly<Record<string, unknown>> =>
  to.kind === "level"
    ? { escalation_level: to.level }
    : { escalation_policy: { id: to.policy, type: "escalation_policy_reference" } };
