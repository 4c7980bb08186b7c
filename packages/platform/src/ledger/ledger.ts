import { randomUUID } from "node:crypto";
import {
  type ActionTaken,
  compareEvents,
  type IncidentEvent,
  type IncidentState,
  keepableEvent,
  type OrganisationCounts,
  type OutcomeRules,
  type Prediction,
  type RecordSubject,
  shardOf,
} from "@mrdata/incident";
import { z } from "zod";
import {
  type DocumentData,
  DocumentExistsError,
  type DocumentStore,
  type StoredDocument,
} from "../document-store.ts";
import {
  decode,
  decodeEach,
  decodeEvent,
  decodePrediction,
  type RecordedEvent,
  readOrNull,
  type SetAside,
  stateDocument,
} from "./decode.ts";
import { noteBeside, settingsWithNote } from "./disarm-note.ts";
import { type Holds, holdsIn } from "./holds.ts";
import { holdsMoved } from "./holds-lately.ts";
import { createLanes } from "./lanes.ts";
import { type LastChecksCalls, lastChecksIn } from "./last-checks.ts";
import { organisationCounter } from "./organisation-counts.ts";
import { paths } from "./paths.ts";
import { queryOf } from "./queries.ts";
import { type ReadRecords, type RecordsBeside, readRecords, readRecordsBeside } from "./read-records.ts";
import { type Recorded, storedEvents } from "./record-event.ts";
import { eventRecorder } from "./record-opening.ts";
import { type RecordedPast, recordPast } from "./record-past.ts";
import { oneByOne } from "./record-past-apart.ts";
import { type Decided, defaultSettings, encodeSettings, type Settings, settingsAt } from "./settings.ts";
import { type Training, trainingIn } from "./training.ts";

/** Why a message could not be processed the last time it was tried. */
export type Failure = { readonly reason: string; readonly source: string; readonly at: number };

/** So many incidents are read at a time. */
const PAGE = 200;

/** What Mr Data remembers. Written once over the document store, so that both adapters keep the same rules. */
export type Ledger = Holds &
  LastChecksCalls & {
    recordEvent(event: IncidentEvent, rules: OutcomeRules): Promise<Recorded>;
    /**
     * Records incidents of the past, each with its events in order, in one atomic write. They are all of one service and
     * one shard (`shardOf`): those share their records with no others. Where one of them cannot be recorded as it is, each is
     * a write of its own, and that one is set aside.
     */
    recordPast(pasts: readonly (readonly IncidentEvent[])[], rules: OutcomeRules): Promise<RecordedPast>;
    /**
     * The incident as its events tell it, in timeline order; null if none was ever recorded. `unreadable`: how many events
     * cannot be read and are not among these, if any. Throws UnreadableDocumentError where the incident itself cannot be read.
     */
    incident(id: string): Promise<{
      readonly state: IncidentState;
      readonly events: readonly RecordedEvent[];
      readonly unreadable?: number;
    } | null>;
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
    /**
     * False if the incident has a prediction already: there is one for ever, and the first stands. True where it is this
     * call's own, also where the answer to its write was lost.
     */
    createPrediction(prediction: Prediction): Promise<boolean>;
    /** Notes what was done after the prediction was written. True if nothing had been done before. */
    noteAction(incident: string, taken: ActionTaken): Promise<boolean>;
    /**
     * Lets one of those who would write a note on an incident at the same moment write it: true for the first, and again
     * once that one has had five minutes; false without a decision. `at`: milliseconds since the epoch.
     */
    claimNote(incident: string, at: number): Promise<boolean>;
    /** The model version that an alias points at, or null. */
    alias(name: ModelAlias): Promise<string | null>;
    /** Makes a version the champion; the one before becomes `previous`. */
    promote(version: string): Promise<void>;
    /** Goes back to no champion; the one before becomes `previous`. */
    demote(): Promise<void>;
    /** Points an alias at a version, or at none. The champion has `promote`. */
    setAlias(name: Exclude<ModelAlias, "champion">, version: string | null): Promise<void>;
    /**
     * All incidents whose opening is known, and not before `since` (milliseconds since the epoch), with their events in
     * timeline order, by time of opening. One that cannot be read, or of which an event cannot, is told and left out.
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
    /**
     * Keeps a person's note that disarms beside settings that cannot be read: whoever can read them finds them disarmed by it. Of
     * several the later stands; told again it changes nothing.
     */
    noteDisarming(decided: Decided): Promise<void>;
    /** `of` names what failed so that it is found again whatever id the message gets on its way. */
    noteFailure(of: string, failure: Failure): Promise<void>;
    failure(of: string): Promise<Failure | null>;
    /** Notes that a sign of life came through, milliseconds since the epoch. */
    noteSeen(sign: LifeSign, at: number): Promise<void>;
    /** When it last did, or null. */
    lastSeen(sign: LifeSign): Promise<number | null>;
    /** Notes with which environment the functions run, so that others can look at the bot as it is. */
    noteDeployment(deployment: Deployment): Promise<void>;
    deployment(): Promise<Deployment | null>;
    /** Notes what the challenger said of an incident; what it said last stands. */
    noteChallenge(challenge: Challenge): Promise<void>;
    /** The newest first, of incidents that opened at or after `since` (milliseconds since the epoch). */
    challenges(options: { readonly since: number; readonly limit: number }): Promise<readonly Challenge[]>;
    /** Jobs that train, their tasks, and what learning by itself has to keep in mind. */
    readonly training: Training;
    close(): Promise<void>;
  };

/** The functions' settings as text, by variable; never a secret. `at`: milliseconds since the epoch. */
export type Deployment = { readonly at: number; readonly environment: Readonly<Record<string, string>> };

/**
 * `ping`: a webhook that PagerDuty sent because it was asked to, on its way through everything. `sweep`: a sweep could write;
 * what people wrote in notes before it has been heard. `probe-…`: the probe's event came to the end of its way in that function.
 */
export type LifeSign = "ping" | "sweep" | "probe-respond" | "probe-record" | AlarmDrillSign;

/** A person asked for a test alarm; `sweep` logged it. */
type AlarmDrillSign = "alarm-drill-asked" | "alarm-drill-sent";

export type ModelAlias = "champion" | "challenger" | "previous";

const challengeDocument = z.object({
  incident: z.string(),
  /** The version that was challenger, and its probability of self-resolving. It decided nothing. */
  version: z.string(),
  probability: z.number(),
  /** When the incident opened, milliseconds since the epoch. */
  openedAt: z.number(),
});
/** What the challenger said of an incident that the champion decided on. */
export type Challenge = z.infer<typeof challengeDocument>;

/** When somebody last began to write a note, as kept with the decision. */
const noteClaim = z.object({ noteClaimedAt: z.number().optional() });
/** Longer than a note takes with all its retries. */
const NOTE_CLAIM_MS = 300_000;

const aliasDocument = z.object({ version: z.string() });
const deploymentDocument = z.object({ at: z.number(), environment: z.record(z.string(), z.string()) });
const seenDocument = z.object({ at: z.number() });
const failureDocument = z.object({ reason: z.string(), source: z.string(), at: z.number() });

export type LedgerOptions = {
  /** Is told once of each document that cannot be read and was set aside, so that the rest could go on. */
  readonly setAside?: SetAside;
  /** The database, in words (`gcp:my-project/mrdata`), by which a restored copy is known; null or left out on one machine. */
  readonly home?: string | null;
};

/** So many documents that were told are remembered. */
const MOST_TOLD = 1_000;

function tellingOnce(tell: SetAside): SetAside {
  const told = new Set<string>();
  return (problem) => {
    if (told.has(problem.message)) return;
    if (told.size >= MOST_TOLD) told.clear();
    told.add(problem.message);
    tell(problem);
  };
}

/**
 * What the bot remembers, over any document store: incidents with their events, predictions, track records, settings. An
 * event and what it changes are one atomic write. Calls reject with what the store throws, and with UnreadableDocumentError
 * where a document that is needed cannot be read; others are set aside.
 *
 * @example
 * ```ts
 * import { openEmbeddedStore } from "@mrdata/platform/embedded";
 * const ledger = createLedger(openEmbeddedStore({ file: ":memory:" }));
 * (await ledger.settings()).disarmed; // => null
 * await ledger.close();
 * ```
 */
export function createLedger(
  store: DocumentStore,
  { setAside: tell = () => {}, home = null }: LedgerOptions = {},
): Ledger {
  const settingsIn = (document: StoredDocument | null): Settings =>
    document === null ? defaultSettings : settingsAt(settingsWithNote(document), home);
  const encodeHere = (settings: Settings): DocumentData =>
    encodeSettings(home === null ? settings : { ...settings, home });
  const setAside = tellingOnce(tell);
  const lanes = createLanes();
  const record = eventRecorder(store);

  /** What is stored at a path after a write to it failed; where that cannot be told either, the write's own failure is. */
  async function whatIsThere(path: string, failure: unknown): Promise<StoredDocument | null> {
    try {
      return await store.get(path);
    } catch {
      throw failure instanceof DocumentExistsError
        ? new Error(`whether ${path} was written by this call or by another could not be read`)
        : failure;
    }
  }

  /** An incident of the past with its events; null where it cannot be read whole, for half a story tells another. */
  async function pastIn(document: StoredDocument) {
    const state = readOrNull(() => decode(stateDocument, document), setAside);
    if (state === null) return null;
    const stored = await storedEvents(store, state.incident);
    const events = decodeEach(stored, decodeEvent, setAside);
    return events.length < stored.length ? null : { state, events: events.toSorted(compareEvents) };
  }

  return {
    recordEvent(told, rules) {
      const event = keepableEvent(told);
      return lanes(`${event.snapshot?.service ?? ""}:${shardOf(event.incident)}`, () => record(event, rules));
    },
    recordPast(told, rules) {
      const pasts = told.map((past) => past.map(keepableEvent));
      const [event] = pasts[0] ?? [];
      return lanes(`${event?.snapshot?.service ?? ""}:${shardOf(event?.incident ?? "")}`, () =>
        oneByOne(pasts, (some) => recordPast(store, some, rules)),
      );
    },
    async incident(id) {
      const document = await store.get(paths.incident(id));
      if (document === null) return null;
      const stored = await storedEvents(store, id);
      const events = decodeEach(stored, decodeEvent, setAside);
      return {
        state: decode(stateDocument, document),
        events: events.toSorted(compareEvents),
        ...(events.length < stored.length && { unreadable: stored.length - events.length }),
      };
    },
    trackRecords: (subjects, window) => readRecords(store, subjects, window),
    recordsBeside: (event, of) => readRecordsBeside(store, event, of),
    organisationCounts: organisationCounter(store),
    async incidentsOfAlertType(alertType, { before, limit }) {
      const documents = await store.query(
        queryOf("incidentsOfAlertType", paths.incidents, [alertType, before], limit),
      );
      return decodeEach(documents, (document) => decode(stateDocument, document), setAside);
    },
    async prediction(incident) {
      const document = await store.get(paths.prediction(incident));
      return document === null ? null : decodePrediction(document);
    },
    async predictions({ limit, service, since = 0 }) {
      const query =
        service === undefined
          ? queryOf("predictionsLately", paths.predictions, [since], limit)
          : queryOf("predictionsOfService", paths.predictions, [service, since], limit);
      return decodeEach(await store.query(query), decodePrediction, setAside);
    },
    async createPrediction(prediction) {
      const path = paths.prediction(prediction.incident);
      const token = randomUUID();
      const document = { ...prediction, token };
      try {
        await (prediction.holdUntil === null
          ? store.create(path, document)
          : store.create(path, document, holdsMoved()));
        return true;
      } catch (error) {
        if (error instanceof RangeError) throw error;
        // Where the answer to a write is lost, a client that asks again by itself meets its own document, and one that does
        // not has no answer at all: whose document is there tells how it went.
        const there = await whatIsThere(path, error);
        if (there?.data.token === token) return true;
        if (there !== null && error instanceof DocumentExistsError) return false;
        throw error;
      }
    },
    noteAction: (incident, taken) =>
      store.transaction(async (transaction) => {
        const document = await transaction.get(paths.prediction(incident));
        if (document === null) return false;
        const before = readOrNull(() => decodePrediction(document), setAside);
        if (before === null) return false;
        transaction.set(document.path, { ...document.data, taken });
        if (before.holdUntil !== null) {
          const moved = holdsMoved();
          transaction.set(moved.path, moved.data);
        }
        return before.taken.action === "none" && taken.action !== "none";
      }),
    claimNote: (incident, at) =>
      store.transaction(async (transaction) => {
        const document = await transaction.get(paths.prediction(incident));
        if (document === null) return false;
        const { noteClaimedAt } = decode(noteClaim, document);
        if (noteClaimedAt !== undefined && at - noteClaimedAt < NOTE_CLAIM_MS) return false;
        transaction.set(document.path, { ...document.data, noteClaimedAt: at });
        return true;
      }),
    ...holdsIn(store, setAside),
    ...lastChecksIn(store),
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
    demote: () =>
      store.transaction(async (transaction) => {
        const document = await transaction.get(paths.alias("champion"));
        if (document === null) return;
        transaction.set(paths.alias("previous"), { version: decode(aliasDocument, document).version });
        transaction.delete(paths.alias("champion"));
      }),
    setAlias: (name, version) =>
      version === null ? store.delete(paths.alias(name)) : store.set(paths.alias(name), { version }),
    noteChallenge: (challenge) => store.set(paths.challenge(challenge.incident), { ...challenge }),
    async challenges({ since, limit }) {
      const documents = await store.query(queryOf("challengesSince", paths.challenges, [since], limit));
      return decodeEach(documents, (document) => decode(challengeDocument, document), setAside);
    },
    training: trainingIn(store),
    async *pastIncidents({ since = 0 } = {}) {
      // Page by page from the last opening on; those of one moment may come again and are passed over.
      let from = since;
      let seen = new Set<string>();
      for (;;) {
        const query = queryOf("incidentsByOpening", paths.incidents, [from], PAGE + seen.size);
        const fresh = (await store.query(query)).filter(({ id }) => !seen.has(id));
        if (fresh.length === 0) return;
        for (const past of await Promise.all(fresh.map(pastIn))) if (past !== null) yield past;
        // By what the query sorted by: also what cannot be read has that.
        const openingOf = ({ data }: StoredDocument) => Number(data.openedAt);
        const last = Math.max(from, ...fresh.map(openingOf));
        seen = new Set([
          ...(last === from ? seen : []),
          ...fresh.filter((document) => openingOf(document) === last).map(({ id }) => id),
        ]);
        from = last;
      }
    },
    async settings() {
      const document = await store.get(paths.settings);
      return settingsIn(document);
    },
    async saveSettings(settings) {
      await store.set(paths.settings, encodeHere(settings));
    },
    changeSettings: (change) =>
      store.transaction(async (transaction) => {
        const document = await transaction.get(paths.settings);
        const changed = change(settingsIn(document));
        transaction.set(paths.settings, encodeHere(changed));
        return changed;
      }),
    noteDisarming: (decided) =>
      store.transaction(async (transaction) => {
        const document = await transaction.get(paths.settings);
        // Without settings nothing is armed.
        if (document !== null) transaction.set(paths.settings, noteBeside(document.data, decided));
      }),
    noteFailure: (of, failure) => store.set(paths.failure(of), failure),
    async failure(of) {
      const document = await store.get(paths.failure(of));
      return document === null ? null : decode(failureDocument, document);
    },
    noteSeen: (sign, at) => store.set(paths.seen(sign), { at }),
    async lastSeen(sign) {
      const document = await store.get(paths.seen(sign));
      return document === null ? null : decode(seenDocument, document).at;
    },
    async noteDeployment(deployment) {
      await store.set(paths.deployment, deployment);
      if (home === null) return;
      // Settings that were written before it was noted where: from now on a copy of them is known as one.
      await store.transaction(async (transaction) => {
        const document = await transaction.get(paths.settings);
        if (document !== null && document.data.home === undefined)
          transaction.set(paths.settings, { ...document.data, home });
      });
    },
    async deployment() {
      const document = await store.get(paths.deployment);
      return document === null ? null : decode(deploymentDocument, document);
    },
    close: () => store.close(),
  };
}
