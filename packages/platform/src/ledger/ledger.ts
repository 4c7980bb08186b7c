import type { DocumentStore } from "../document-store.ts";
import { type Challenges, challengesIn } from "./challenges.ts";
import { type Decisions, decisionsIn } from "./decisions.ts";
import type { SetAside } from "./decode.ts";
import { feedbackIn, type KeptFeedback } from "./feedback.ts";
import { type Holds, holdsIn } from "./holds.ts";
import { type KeptSettings, keptSettingsIn } from "./kept-settings.ts";
import { type LastChecksCalls, lastChecksIn } from "./last-checks.ts";
import { type MissRecords, missesIn } from "./misses.ts";
import { type ModelAliases, modelAliasesIn } from "./model-aliases.ts";
import { type Operations, operationsIn } from "./operations.ts";
import { type Timelines, timelinesIn } from "./timelines.ts";
import { type TrackRecords, trackRecordsIn } from "./track-records.ts";
import { type Training, trainingIn } from "./training.ts";

/**
 * What Mr Data remembers, by capability; a function is granted those that its manifest names. Written once over the document store, so
 * that both adapters keep the same rules.
 */
export type Ledger = Timelines &
  TrackRecords &
  Decisions &
  Holds &
  MissRecords &
  KeptFeedback &
  LastChecksCalls &
  KeptSettings &
  ModelAliases &
  Challenges &
  Operations & {
    /** Jobs that train, their tasks, and what learning by itself has to keep in mind. */
    readonly training: Training;
    close(): Promise<void>;
  };

export type LedgerOptions = {
  /** Is told once of each document that cannot be read and was set aside, so that the rest could go on. */
  readonly setAside?: SetAside;
  /** The database, in words (`gcp:my-project/mrdata`), by which a restored copy is known; null or left out on one machine. */
  readonly home?: string | null;
};

/** So many documents that were told are remembered. */
const MAX_REPORTED = 1_000;

function tellingOnce(tell: SetAside): SetAside {
  const told = new Set<string>();
  return (problem) => {
    if (told.has(problem.message)) return;
    if (told.size >= MAX_REPORTED) told.clear();
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
  const setAside = tellingOnce(tell);
  return {
    ...timelinesIn(store, setAside),
    ...trackRecordsIn(store),
    ...decisionsIn(store, setAside),
    ...holdsIn(store, setAside),
    ...missesIn(store, setAside),
    ...feedbackIn(store, setAside),
    ...lastChecksIn(store),
    ...keptSettingsIn(store, home),
    ...modelAliasesIn(store),
    ...challengesIn(store, setAside),
    ...operationsIn(store, home),
    training: trainingIn(store),
    close: () => store.close(),
  };
}
