import {
  type ActionTaken,
  compareEvents,
  type IncidentEvent,
  type IncidentState,
  type OrganisationCounts,
  type OutcomeRules,
  type Prediction,
  type RecordSubject,
  shardOf,
} from "@mrdata/incident";
import { z } from "zod";
import { DocumentExistsError, type DocumentStore } from "../document-store.ts";
import { decode, predictionDocument, type RecordedEvent, stateDocument } from "./decode.ts";
import { type Holds, holdsIn } from "./holds.ts";
import { holdsMoved } from "./holds-lately.ts";
import { createLanes } from "./lanes.ts";
import { organisationCounter } from "./organisation-counts.ts";
import { paths } from "./paths.ts";
import { queryOf } from "./queries.ts";
import { type ReadRecords, type RecordsBeside, readRecords, readRecordsBeside } from "./read-records.ts";
import { eventsIn, type Recorded } from "./record-event.ts";
import { eventRecorder } from "./record-opening.ts";
import { type RecordedPast, recordPast } from "./record-past.ts";
import { assertSettings, decodeSettings, defaultSettings, type Settings } from "./settings.ts";
import { type UnknownChecks, unknownChecksIn } from "./unknown-checks.ts";

/** Why a message could not be processed the last time it was tried. */
export type Failure = { readonly reason: string; readonly source: string; readonly at: number };

/** So many incidents are read at a time. */
const PAGE = 200;

/** What Mr Data remembers. Written once over the document store, so that both adapters keep the same rules. */
export type Ledger = Holds &
  UnknownChecks & {
    recordEvent(event: IncidentEvent, rules: OutcomeRules): Promise<Recorded>;
    /**
     * Records incidents of the past, each with its events in order, in one atomic write. They are all of one service and
     * one shard (`shardOf`): those share their records with no others.
     */
    recordPast(pasts: readonly (readonly IncidentEvent[])[], rules: OutcomeRules): Promise<RecordedPast>;
    /** The incident as its events tell it, in timeline order; null if none was ever recorded. */
    incident(
      id: string,
    ): Promise<{ readonly state: IncidentState; readonly events: readonly RecordedEvent[] } | null>;
    trackRecords(subjects: readonly RecordSubject[], window: number): Promise<readonly ReadRecords[]>;
    /** The same, and what was recorded of the incident itself, read no earlier than they. */
    recordsBeside(
      event: Pick<IncidentEvent, "incident" | "id">,
      of: { readonly subjects: readonly RecordSubject[]; readonly window: number },
    ): Promise<RecordsBeside>;
    /** How many incidents opened before `at` (milliseconds, to the second), within the hour, day and week before it. */
    organisationCounts(at: number): Promise<OrganisationCounts>;
    /** Those that opened before a moment (milliseconds since the epoch), the newest first. */
    incidentsOfAlertType(
      alertType: string,
      options: { readonly before: number; readonly limit: number },
    ): Promise<readonly IncidentState[]>;
    prediction(incident: string): Promise<Prediction | null>;
    /** Newest first; of one service if one is named, opened at or after `since` (milliseconds) if that is given. */
    predictions(options: {
      readonly limit: number;
      readonly service?: string;
      readonly since?: number;
    }): Promise<readonly Prediction[]>;
    /** False if the incident has a prediction already: there is one for ever, and the first stands. */
    createPrediction(prediction: Prediction): Promise<boolean>;
    /** Notes what was done after the prediction was written. True if nothing had been done before. */
    noteAction(incident: string, taken: ActionTaken): Promise<boolean>;
    /** The model version that an alias points at, or null. */
    alias(name: ModelAlias): Promise<string | null>;
    /** Makes a version the champion; the one before becomes `previous`. */
    promote(version: string): Promise<void>;
    /**
     * All incidents whose opening is known, and not before `since` (milliseconds since the epoch), with their events in
     * timeline order, by time of opening.
     */
    pastIncidents(options?: { readonly since?: number }): AsyncIterable<{
      readonly state: IncidentState;
      readonly events: readonly RecordedEvent[];
    }>;
    /** Throws UnreadableDocumentError, naming the field, if the document is not what this program understands. */
    settings(): Promise<Settings>;
    /** Throws UnreadableDocumentError, naming the field, for what could not be read back. */
    saveSettings(settings: Settings): Promise<void>;
    /** Changes the settings as if alone; answers with what they are now. Throws as `settings` and `saveSettings` do. */
    changeSettings(change: (settings: Settings) => Settings): Promise<Settings>;
    noteFailure(messageId: string, failure: Failure): Promise<void>;
    failure(messageId: string): Promise<Failure | null>;
    /** Notes that a sign of life came through, milliseconds since the epoch. */
    noteSeen(sign: LifeSign, at: number): Promise<void>;
    /** When it last did, or null. */
    lastSeen(sign: LifeSign): Promise<number | null>;
    /** Notes with which environment the functions run, so that others can look at the bot as it is. */
    noteDeployment(deployment: Deployment): Promise<void>;
    deployment(): Promise<Deployment | null>;
    close(): Promise<void>;
  };

/** The functions' settings as text, by variable; never a secret. `at`: milliseconds since the epoch. */
export type Deployment = { readonly at: number; readonly environment: Readonly<Record<string, string>> };

/** `ping`: a webhook that PagerDuty sent because it was asked to, on its way through everything. */
export type LifeSign = "ping";

export type ModelAlias = "champion" | "challenger" | "previous";

const aliasDocument = z.object({ version: z.string() });
const deploymentDocument = z.object({ at: z.number(), environment: z.record(z.string(), z.string()) });
const seenDocument = z.object({ at: z.number() });
const failureDocument = z.object({ reason: z.string(), source: z.string(), at: z.number() });

export function createLedger(store: DocumentStore): Ledger {
  const lanes = createLanes();
  const record = eventRecorder(store);
  return {
    recordEvent: (event, rules) =>
      lanes(`${event.snapshot?.service ?? ""}:${shardOf(event.incident)}`, () => record(event, rules)),
    recordPast(pasts, rules) {
      const [event] = pasts[0] ?? [];
      return lanes(`${event?.snapshot?.service ?? ""}:${shardOf(event?.incident ?? "")}`, () =>
        recordPast(store, pasts, rules),
      );
    },
    async incident(id) {
      const document = await store.get(paths.incident(id));
      if (document === null) return null;
      const events = await eventsIn(store, id);
      return { state: decode(stateDocument, document), events: events.toSorted(compareEvents) };
    },
    trackRecords: (subjects, window) => readRecords(store, subjects, window),
    recordsBeside: (event, of) => readRecordsBeside(store, event, of),
    organisationCounts: organisationCounter(store),
    async incidentsOfAlertType(alertType, { before, limit }) {
      const documents = await store.query(
        queryOf("incidentsOfAlertType", paths.incidents, [alertType, before], limit),
      );
      return documents.map((document) => decode(stateDocument, document));
    },
    async prediction(incident) {
      const document = await store.get(paths.prediction(incident));
      return document === null ? null : decode(predictionDocument, document);
    },
    async predictions({ limit, service, since = 0 }) {
      const query =
        service === undefined
          ? queryOf("predictionsLately", paths.predictions, [since], limit)
          : queryOf("predictionsOfService", paths.predictions, [service, since], limit);
      return (await store.query(query)).map((document) => decode(predictionDocument, document));
    },
    async createPrediction(prediction) {
      const path = paths.prediction(prediction.incident);
      try {
        await (prediction.holdUntil === null
          ? store.create(path, prediction)
          : store.create(path, prediction, holdsMoved()));
        return true;
      } catch (error) {
        if (error instanceof DocumentExistsError) return false;
        throw error;
      }
    },
    noteAction: (incident, taken) =>
      store.transaction(async (transaction) => {
        const document = await transaction.get(paths.prediction(incident));
        if (document === null) return false;
        const before = decode(predictionDocument, document);
        transaction.set(document.path, { ...document.data, taken });
        if (before.holdUntil !== null) {
          const moved = holdsMoved();
          transaction.set(moved.path, moved.data);
        }
        return before.taken.action === "none" && taken.action !== "none";
      }),
    ...holdsIn(store),
    ...unknownChecksIn(store),
    async alias(name) {
      const document = await store.get(paths.alias(name));
      return document === null ? null : decode(aliasDocument, document).version;
    },
    promote: (version) =>
      store.transaction(async (transaction) => {
        const document = await transaction.get(paths.alias("champion"));
        const before = document === null ? null : decode(aliasDocument, document).version;
        if (before === version) return;
        if (before !== null) transaction.set(paths.alias("previous"), { version: before });
        transaction.set(paths.alias("champion"), { version });
      }),
    async *pastIncidents({ since = 0 } = {}) {
      // Page by page from the last opening on; those of one moment may come again and are passed over.
      let from = since;
      let seen = new Set<string>();
      for (;;) {
        const query = queryOf("incidentsByOpening", paths.incidents, [from], PAGE + seen.size);
        const states = (await store.query(query)).map((document) => decode(stateDocument, document));
        const fresh = states.filter(({ incident }) => !seen.has(incident));
        if (fresh.length === 0) return;
        const events = await Promise.all(fresh.map(({ incident }) => eventsIn(store, incident)));
        for (const [i, state] of fresh.entries())
          yield { state, events: (events[i] ?? []).toSorted(compareEvents) };
        const last = fresh.at(-1)?.openedAt ?? from;
        seen = new Set([
          ...(last === from ? seen : []),
          ...fresh.filter(({ openedAt }) => openedAt === last).map(({ incident }) => incident),
        ]);
        from = last;
      }
    },
    async settings() {
      const document = await store.get(paths.settings);
      return document === null ? defaultSettings : decodeSettings(document);
    },
    async saveSettings(settings) {
      assertSettings(settings);
      await store.set(paths.settings, settings);
    },
    changeSettings: (change) =>
      store.transaction(async (transaction) => {
        const document = await transaction.get(paths.settings);
        const changed = change(document === null ? defaultSettings : decodeSettings(document));
        assertSettings(changed);
        transaction.set(paths.settings, changed);
        return changed;
      }),
    noteFailure: (messageId, failure) => store.set(paths.failure(messageId), failure),
    async failure(messageId) {
      const document = await store.get(paths.failure(messageId));
      return document === null ? null : decode(failureDocument, document);
    },
    noteSeen: (sign, at) => store.set(paths.seen(sign), { at }),
    async lastSeen(sign) {
      const document = await store.get(paths.seen(sign));
      return document === null ? null : decode(seenDocument, document).at;
    },
    noteDeployment: (deployment) => store.set(paths.deployment, deployment),
    async deployment() {
      const document = await store.get(paths.deployment);
      return document === null ? null : decode(deploymentDocument, document);
    },
    close: () => store.close(),
  };
}
