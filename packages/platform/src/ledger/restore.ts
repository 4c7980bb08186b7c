import { isDeepStrictEqual } from "node:util";
import { itemAt } from "@mrdata/base";
import { DocumentExistsError, type DocumentStore } from "../document-store.ts";
import { paths } from "./paths.ts";
import { armedServices, disarmAll } from "./service-modes.ts";
import type { Decided } from "./settings.ts";
import { decodeSettings, encodeSettings } from "./settings-document.ts";
import { collectionOf, ledgerCollections, type TransferredDocument } from "./transfer.ts";

/**
 * The most documents in one write, and the most bytes of JSON before the document that goes beyond it. Firestore takes 500 and a request
 * of 10 MiB (https://cloud.google.com/firestore/quotas), its emulator one of 4 MiB, and one document may have 1 MiB.
 */
const BATCH_SIZE = 100;
const BATCH_BYTES = 2 * 1024 * 1024;

/**
 * Whether a running bot writes this document about itself before any incident: its deployment and its signs of life. These are
 * not history, and another bot's would be wrong here.
 */
const isOfARunningBot = (path: string): boolean => path === paths.deployment || collectionOf(path) === "seen";

/** The ledger is not empty: restoring would mix two histories. */
export class LedgerNotEmptyError extends Error {}

/** Throws LedgerNotEmptyError, naming a document, unless the ledger has at most what a newly started bot writes about itself. */
export async function assertEmpty(store: Pick<DocumentStore, "page">): Promise<void> {
  for (const collection of ledgerCollections) {
    if (collection === "seen") continue;
    // Of settings there is one such document.
    const there = await store.page(collection, { after: null, limit: 2 });
    const first = there.find(({ path }) => !isOfARunningBot(path));
    if (first !== undefined) throw new LedgerNotEmptyError(`the ledger is not empty: it has ${first.path}`);
  }
}

/** Whether a restore into this ledger was broken off, or is under way: it holds a part of a past. */
export const isBeingRestored = async (store: Pick<DocumentStore, "get">): Promise<boolean> =>
  (await store.get(paths.restoring)) !== null;

export type Restored = {
  /** Documents of the export that are in the ledger now. */
  readonly written: number;
  /** Those of them that an attempt which was broken off had written. */
  readonly already: number;
  /** Services that were armed, and are not any more. */
  readonly disarmed: readonly string[];
};

type RestoreStore = Pick<DocumentStore, "page" | "get" | "getAll" | "create" | "replace" | "transaction">;

/**
 * Writes documents unchanged into an empty ledger, with two exceptions: nothing is armed until a person arms it here, and
 * the other bot's documents about itself are left out. `source` identifies the export: once broken off, a restore of the same
 * export goes on where it was, and no other can be begun in that ledger.
 *
 * @throws LedgerNotEmptyError if the ledger is not empty, or does not stay so meanwhile
 * @throws UnreadableDocumentError if this version cannot read the settings: they may contain armed services
 */
export async function restoreDocuments(
  store: RestoreStore,
  documents: AsyncIterable<TransferredDocument>,
  decided: Decided,
  source: string,
): Promise<Restored> {
  await begin(store, decided, source);
  let [written, already, bytes] = [0, 0, 0];
  let batch: TransferredDocument[] = [];
  const write = async (): Promise<void> => {
    already += await createAll(store, batch);
    written += batch.length;
    [batch, bytes] = [[], 0];
  };
  // Settings come last: a bot that reads an incomplete ledger finds none, and holds nothing.
  let settings: TransferredDocument | null = null;
  for await (const document of documents) {
    if (isOfARunningBot(document.path)) continue;
    if (document.path === paths.settings) {
      settings = document;
      continue;
    }
    batch.push(document);
    bytes += Buffer.byteLength(JSON.stringify(document.data));
    if (batch.length === BATCH_SIZE || bytes > BATCH_BYTES) await write();
  }
  await write();
  const { data, disarmed } = settings === null ? NO_SETTINGS : disarmedOf(settings, decided);
  await end(store, data);
  return { written: written + (data === null ? 0 : 1), already, disarmed };
}

/** Notes which export is being restored, so that it can go on after an interruption; the note is deleted with the last write. */
async function begin(store: RestoreStore, { at }: Decided, source: string): Promise<void> {
  const begun = await store.get(paths.restoring);
  if (begun === null) {
    await assertEmpty(store);
    await createOnce(store.create(paths.restoring, { source, at }));
  } else if (begun.data.source !== source)
    throw new LedgerNotEmptyError(
      "the ledger is not empty: the import of another export was broken off in it",
    );
}

/** Creates documents; those that are there already must be equal. Returns how many were. */
async function createAll(store: RestoreStore, documents: readonly TransferredDocument[]): Promise<number> {
  if (documents.length === 0 || (await createNew(store, documents))) return 0;
  const there = await store.getAll(documents.map(({ path }) => path));
  const missing = documents.filter((_document, i) => there[i] === null);
  const differs = documents.find(({ data }, i) => {
    const found = there[i] ?? null;
    return found !== null && !isDeepStrictEqual(found.data, data);
  });
  if (differs !== undefined || !(await createNew(store, missing)))
    throw somebodyElse((differs ?? itemAt(documents, 0)).path);
  return documents.length - missing.length;
}

/** Creates all of them, or none: false. */
async function createNew(store: RestoreStore, documents: readonly TransferredDocument[]): Promise<boolean> {
  if (documents.length === 0) return true;
  return (await store.replace(documents.map(({ path, data }) => ({ path, data, revision: null })))) !== null;
}

const NO_SETTINGS = { data: null, disarmed: [] } as const;

function disarmedOf(
  { path, data }: TransferredDocument,
  decided: Decided,
): { readonly data: TransferredDocument["data"]; readonly disarmed: readonly string[] } {
  const before = decodeSettings({ path, data, id: "bot" });
  const disarmed = armedServices(before);
  return { data: disarmed.length === 0 ? data : encodeSettings(disarmAll(before, decided)), disarmed };
}

/** The settings and the end of the restore, in one write. */
async function end(store: RestoreStore, settings: TransferredDocument["data"] | null): Promise<void> {
  await createOnce(
    store.transaction(async (transaction) => {
      if (settings !== null) transaction.create(paths.settings, settings);
      transaction.delete(paths.restoring);
    }),
  );
}

async function createOnce(creating: Promise<void>): Promise<void> {
  try {
    await creating;
  } catch (error) {
    throw error instanceof DocumentExistsError ? somebodyElse(error.path) : error;
  }
}

const somebodyElse = (path: string): LedgerNotEmptyError =>
  new LedgerNotEmptyError(`somebody else writes to the ledger: ${path} is there already, and is another`);
