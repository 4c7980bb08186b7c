import type { DocumentStore } from "../document-store.ts";
import { type Challenges, challengesIn } from "./challenges.ts";
import { type CountedArmings, countedArmingsIn } from "./counted-armings.ts";
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
 * Mr Data's stored state, by capability; a function is granted those that its manifest names. Implemented once over the document
 * store, so that both adapters behave alike.
 */
export type Ledger = Timelines &
  TrackRecords &
  Decisions &
  Holds &
  MissRecords &
  KeptFeedback &
  LastChecksCalls &
  CountedArmings &
  KeptSettings &
  ModelAliases &
  Challenges &
  Operations & {
    /** Training jobs, their tasks, and the state of automatic learning. */
    readonly training: Training;
    close(): Promise<void>;
  };

export type LedgerOptions = {
  /** Called once for each unreadable document that was skipped. */
  readonly setAside?: SetAside;
  /** Identifies the database (`gcp:my-project/mrdata`), so that a restored copy is recognised; null or absent on one machine. */
  readonly home?: string | null;
};

/** The number of reported documents that are remembered. */
const MAX_REPORTED = 1_000;

function reportOnce(report: SetAside): SetAside {
  const reported = new Set<string>();
  return (problem) => {
    if (reported.has(problem.message)) return;
    if (reported.size >= MAX_REPORTED) reported.clear();
    reported.add(problem.message);
    report(problem);
  };
}

/**
 * The bot's stored state over any document store: incidents with their events, predictions, track records, settings. An
 * event and the changes it causes are one atomic write. Calls reject with the store's errors, and with UnreadableDocumentError
 * if a required document cannot be read; other unreadable documents are skipped.
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
  { setAside: report = () => {}, home = null }: LedgerOptions = {},
): Ledger {
  const setAside = reportOnce(report);
  return {
    ...timelinesIn(store, setAside),
    ...trackRecordsIn(store),
    ...decisionsIn(store, setAside),
    ...holdsIn(store, setAside),
    ...missesIn(store, setAside),
    ...feedbackIn(store, setAside),
    ...lastChecksIn(store),
    ...countedArmingsIn(store),
    ...keptSettingsIn(store, home),
    ...modelAliasesIn(store),
    ...challengesIn(store, setAside),
    ...operationsIn(store, home),
    training: trainingIn(store),
    close: () => store.close(),
  };
}
