import {
  type ActionTaken,
  alertTypeOf,
  type IncidentEvent,
  type IncidentSnapshot,
  nameKeysOf,
  type OpeningEvent,
  type Prediction,
} from "@mrdata/incident";
import type { Certificate } from "@mrdata/learning";
import type { RestIncident } from "@mrdata/pagerduty";
import type { LogEntry, Settings } from "@mrdata/platform";
import { noDetails, type Observation, type Predictor } from "@mrdata/responder";
import type { Endpoint } from "@mrdata/vertex/endpoint";
import { armed, plainLedger, SERVICE, WINDOW_MS } from "../paging/plain-ledger.fixture.ts";
import { BOT, FALLBACK, jumpingClock, START, waiting } from "../paging/scripted-pagerduty.fixture.ts";
import { rulesFor } from "../rules-for.ts";
import type { RespondContext } from "./context.ts";
import type { Gathered } from "./decision-inputs.ts";
import { createQueryEndpoint } from "./query-endpoint.ts";

/** A program that acts under a user's name. */
export const AGENT = "PSRE";

export const snapshot: IncidentSnapshot = {
  title: "Disk full",
  service: SERVICE,
  serviceName: "Database",
  status: "triggered",
  urgency: "high",
  priority: null,
  assignees: [BOT],
  escalationPolicy: "PARMED",
  teams: [],
  number: 1,
  htmlUrl: null,
  createdAt: START,
};

export const eventOf = (type: IncidentEvent["type"], change: Partial<IncidentEvent> = {}): IncidentEvent => ({
  id: `E-${type}`,
  incident: "P0",
  type,
  occurredAt: START,
  actor: "integration",
  actorId: null,
  snapshot,
  note: null,
  mergedInto: null,
  ...change,
});

export const opening: OpeningEvent = { ...eventOf("triggered"), type: "triggered", snapshot };

const observation: Observation = {
  incident: "P0",
  service: SERVICE,
  title: snapshot.title,
  urgency: "high",
  priority: null,
  openedAt: START,
  alertTypeRecords: [],
  nameRecords: [[], [], []],
  serviceRecords: [],
  textRecords: {},
  texts: {},
  numbers: {},
  organisation: { hour: 1, day: 8, week: 30 },
};

const certificate: Certificate = {
  budget: 0.1,
  delta: 0.1,
  real: 200,
  missesAllowed: 14,
  misses: 10,
  upperBound: 0.08,
  threshold: 0.9,
  from: "2025-09-01T00:00:00.000Z",
  to: "2026-02-28T00:00:00.000Z",
};

/** Certain about every incident, or about none. */
const predictorOf = (isSure: boolean): Predictor => ({
  version: "v1",
  windowMs: WINDOW_MS,
  threshold: 0.9,
  refused: null,
  certificate,
  details: noDetails,
  served: {
    modelSha256: "a".repeat(64),
    instance: ({ typeSeen = null, serviceSeen = null }) => [typeSeen, serviceSeen],
    score: () => 0.95,
    probability: (score) => (score >= 0.95 ? 0.97 : 0.4),
  },
  predict: () => ({
    features: { typeSeen: 50, serviceSeen: 80 },
    probability: isSure ? 0.97 : 0.4,
    abstained: null,
    reasons: [],
    outside: [],
  }),
});

export type TestOptions = {
  readonly settings?: Settings;
  readonly stored?: readonly Prediction[];
  /** Whether the champion is sure that what opens resolves itself. */
  readonly isSure?: boolean;
  /** The gathered inputs that differ from ones that favour a hold. */
  readonly circumstances?: Partial<Gathered["circumstances"]>;
  /** How the incident, when read, differs from one that waits on the bot. */
  readonly now?: Partial<RestIncident>;
  readonly pageIfWaiting?: () => Promise<ActionTaken>;
  /** The endpoint that serves the model; omitted where there is none. */
  readonly endpoint?: Endpoint;
};

/** The context of `respond`'s paths as plain objects that record what they were asked. */
export function respondContext(options: TestOptions = {}) {
  const { settings = armed, stored = [], isSure = true, circumstances = {} } = options;
  const ledger = plainLedger({ settings, stored });
  const did: string[] = [];
  /** Incidents the challenger was queried about, and what had been done by then. */
  const asked: string[] = [];
  const logged: LogEntry[] = [];
  const heard: IncidentEvent[] = [];
  const context: RespondContext = {
    ledger: { ...ledger, recordEvent: async () => Promise.reject(new Error("nothing is recorded here")) },
    clock: jumpingClock(),
    log: (entry) => logged.push(entry),
    pager: {
      hasSpareCalls: () => true,
      fallbackPolicy: async () => FALLBACK,
      async pageIfWaiting(incident, known) {
        did.push(`page ${incident}`);
        if (options.pageIfWaiting !== undefined) return options.pageIfWaiting();
        return known.snapshot?.assignees.includes(BOT) === false
          ? { action: "none", sentence: "It is not the bot's.", at: START }
          : { action: "paged", sentence: "Escalated to level 2.", at: START };
      },
    },
    notes: {
      listNotes: async () => [],
      async addNote(incident) {
        did.push(`note ${incident}`);
      },
    },
    champion: async () => predictorOf(isSure),
    queryChallenger: async ({ incident }) => {
      asked.push(`${incident} after ${did.join(", ")}`);
    },
    queryEndpoint: createQueryEndpoint({
      endpoint: options.endpoint ?? null,
      log: (entry) => logged.push(entry),
    }),
    pagerduty: {
      getIncident: async (id) => waiting(id, options.now ?? {}),
      async moveIncident(id, to) {
        did.push(`move ${id} to ${to.kind} ${to.kind === "policy" ? to.policy : to.level}`);
        return waiting(id, { assignees: ["PALEX"] });
      },
      moveIncidents: async () => [],
      async *listIncidents() {},
      getEscalationPolicy: async (id) => ({
        id,
        name: id,
        repeats: 0,
        levels: [BOT, "PROBIN"].map((user) => ({
          timeout: WINDOW_MS,
          targets: [user],
          users: [user],
          schedules: [],
        })),
        services: [],
      }),
      listAlertDetails: async () => [],
    },
    identity: { botUser: BOT, automationUsers: [AGENT] },
    bot: BOT,
    windowMs: WINDOW_MS,
    async gather(_event, shown): Promise<Gathered> {
      const alertType = alertTypeOf(SERVICE, shown.title).key;
      const names = nameKeysOf(SERVICE, shown.title);
      return {
        observation,
        asOf: { records: {}, organisation: observation.organisation, at: START },
        alertType,
        names,
        holds: stored.filter(({ incident }) => incident !== "P0"),
        circumstances: {
          settings: rulesFor(settings, SERVICE),
          windowMs: WINDOW_MS,
          touchedByPerson: false,
          escalationPolicy: "PARMED",
          waitsOnBot: shown.assignees.includes(BOT),
          alertType,
          names,
          held: { alertType: 0, service: 0, ranOut: 0, onService: 0, anywhere: 0 },
          opened: 1,
          feedback: { hold: null },
          unknownChecks: [],
          misses: { services: [SERVICE], misses: 0, neededHuman: 20, trail: [] },
          ...circumstances,
        },
      };
    },
    handleNoteCommand: async (event) => {
      heard.push(event);
    },
  };
  return { context, ledger, did, asked, logged, heard };
}
