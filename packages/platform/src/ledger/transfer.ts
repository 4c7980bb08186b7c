import type { DocumentStore, StoredDocument } from "../document-store.ts";

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

/** Documents in one answer. */
const PAGE_SIZE = 100;

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
    const page: readonly StoredDocument[] = await store.page(collection, { after, limit: PAGE_SIZE });
    for (const { path, data } of page) yield { path, data };
    after = page.at(-1)?.id ?? null;
    if (after === null || page.length < PAGE_SIZE) return;
  }
}

/** The ledger's collection that a path belongs to; null if it belongs to none. */
export function collectionOf(path: string): LedgerCollection | null {
  const [root, , within, , ...deeper] = path.split("/");
  if (within !== undefined)
    return root === "incidents" && within === "events" && deeper.length === 0 ? "events" : null;
  return ledgerCollections.find((name) => name === root) ?? null;
}
