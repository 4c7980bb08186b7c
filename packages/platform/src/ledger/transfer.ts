import type { DocumentStore, StoredDocument } from "../document-store.ts";
import { paths } from "./paths.ts";
import { armedServices, disarmAll } from "./service-modes.ts";
import type { Decided } from "./settings.ts";
import { decodeSettings, encodeSettings } from "./settings-document.ts";

/** Every collection that the ledger keeps, but for events, which lie within their incident. */
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

/** One document as it is taken elsewhere: a line of NDJSON. */
export type TransferredDocument = Pick<StoredDocument, "path" | "data">;

/** Documents of one request: Firestore takes 500 in a batch, and 10 MiB. */
const BATCH = 100;

/**
 * All documents of a ledger, collection by collection, in the order of their ids, an incident's events right behind it. Nothing
 * is locked meanwhile: of what is written while it is read, some is in it and some is not.
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
    const page: readonly StoredDocument[] = await store.page(collection, { after, limit: BATCH });
    for (const { path, data } of page) yield { path, data };
    after = page.at(-1)?.id ?? null;
    if (after === null || page.length < BATCH) return;
  }
}

/** The collection in which the ledger keeps a document of this path; null where it keeps none there. */
export function collectionOf(path: string): LedgerCollection | null {
  const [root, , within, , ...deeper] = path.split("/");
  if (within !== undefined)
    return root === "incidents" && within === "events" && deeper.length === 0 ? "events" : null;
  return ledgerCollections.find((name) => name === root) ?? null;
}

/**
 * Whether a running bot notes this of itself, before anything has happened: how it is deployed, and when it was last heard. It is
 * no past, and another bot's is untrue here.
 */
const isOfARunningBot = (path: string): boolean => path === paths.deployment || collectionOf(path) === "seen";

/** There is something in the ledger already: two pasts would be mixed. */
export class LedgerNotEmptyError extends Error {}

/** Throws LedgerNotEmptyError, naming what is there, unless the ledger has at most what a bot that has just begun notes of itself. */
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
 * Writes documents into an empty ledger, as they were, but for what is armed: nothing is, until a person arms it here; and but for
 * what the bot there noted of itself. Answers with how many were written and which services were armed.
 *
 * @throws LedgerNotEmptyError where there is something, or comes meanwhile
 * @throws UnreadableDocumentError where the settings are not what this version understands: what may be armed is not taken over
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
  // Last: a bot that looks before all is there finds no settings, and holds nothing.
  let settings: TransferredDocument | null = null;
  for await (const document of documents) {
    if (isOfARunningBot(document.path)) continue;
    if (document.path === paths.settings) {
      settings = document;
      continue;
    }
    batch.push(document);
    if (batch.length === BATCH) await write();
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
