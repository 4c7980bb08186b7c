import type { DocumentStore, StoredDocument } from "../document-store.ts";
import { paths } from "./paths.ts";
import { armedServices, disarmAll } from "./service-modes.ts";
import type { Decided } from "./settings.ts";
import { decodeSettings, encodeSettings } from "./settings-document.ts";

/** Every collection of the ledger except events, which are a sub-collection of their incident. */
export const ledgerCollections = [
  "aliases",
  "challenges",
  "failures",
  "feedback",
  "incidents",
  "jobs",
  "marks",
  "models",
  "predictions",
  "records",
  "seen",
  "settings",
  "tasks",
] as const;

export type LedgerCollection = (typeof ledgerCollections)[number] | "events";

/** One exported document: a line of NDJSON. */
export type TransferredDocument = Pick<StoredDocument, "path" | "data">;

/** Documents per request: Firestore accepts 500 in a batch, and 10 MiB. */
const BATCH_SIZE = 100;

/**
 * All documents of a ledger, collection by collection, ordered by id, each incident followed by its events. Nothing
 * is locked: documents written during the export may or may not be included.
 */
export async function* documentsOf(
  store: Pick<DocumentStore, "page">,
): AsyncIterable<TransferredDocument & { readonly collection: LedgerCollection }> {
  for (const collection of ledgerCollections)
    for await (const document of allIn(store, collection)) {
      yield { collection, ...document };
      if (collection === "incidents")
        for await (const event of allIn(store, `${document.path}/events`))
          yield { collection: "events", ...event };
    }
}

async function* allIn(
  store: Pick<DocumentStore, "page">,
  collection: string,
): AsyncIterable<TransferredDocument> {
  let after: string | null = null;
  for (;;) {
    const page: readonly StoredDocument[] = await store.page(collection, { after, limit: BATCH_SIZE });
    for (const { path, data } of page) yield { path, data };
    after = page.at(-1)?.id ?? null;
    if (after === null || page.length < BATCH_SIZE) return;
  }
}

/** The ledger's collection that a path belongs to; null if it belongs to none. */
export function collectionOf(path: string): LedgerCollection | null {
  const [root, , within, , ...deeper] = path.split("/");
  if (within !== undefined)
    return root === "incidents" && within === "events" && deeper.length === 0 ? "events" : null;
  return ledgerCollections.find((name) => name === root) ?? null;
}

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

/**
 * Writes documents unchanged into an empty ledger, with two exceptions: nothing is armed until a person arms it here, and
 * the other bot's documents about itself are left out. Returns how many were written and which services were armed.
 *
 * @throws LedgerNotEmptyError if the ledger is not empty, or does not stay so meanwhile
 * @throws UnreadableDocumentError if this version cannot read the settings: they may contain armed services
 */
export async function restoreDocuments(
  store: Pick<DocumentStore, "page" | "replace">,
  documents: AsyncIterable<TransferredDocument>,
  decided: Decided,
): Promise<{ readonly written: number; readonly disarmed: readonly string[] }> {
  await assertEmpty(store);
  let written = 0;
  let disarmed: readonly string[] = [];
  let batch: TransferredDocument[] = [];
  const write = async (): Promise<void> => {
    if (batch.length === 0) return;
    const made = await store.replace(batch.map(({ path, data }) => ({ path, data, revision: null })));
    if (made === null)
      throw new LedgerNotEmptyError(
        `somebody else writes to the ledger: one of ${batch.length} documents from ${batch[0]?.path} on is there already`,
      );
    written += batch.length;
    batch = [];
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
    if (batch.length === BATCH_SIZE) await write();
  }
  await write();
  if (settings !== null) {
    const before = decodeSettings({ ...settings, id: "bot" });
    disarmed = armedServices(before);
    batch.push(
      disarmed.length === 0
        ? settings
        : { path: settings.path, data: encodeSettings(disarmAll(before, decided)) },
    );
    await write();
  }
  return { written, disarmed };
}
