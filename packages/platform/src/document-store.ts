/**
 * Documents by path, as in Firestore: `incidents/P1`, `incidents/P1/events/E1`. Both adapters obey the
 * same rules, so that the ledger is written once.
 */
export type DocumentData = { readonly [field: string]: DocumentValue };
export type DocumentValue = string | number | boolean | null | readonly DocumentValue[] | DocumentData;

export type StoredDocument = {
  readonly path: string;
  readonly id: string;
  readonly data: DocumentData;
  /** Changes with every write. Present only on documents read by path outside a transaction. */
  readonly revision?: string;
};

export type Comparison = "==" | "<" | "<=" | ">" | ">=" | "array-contains";

/** A query over one collection (`incidents`), or over one document's sub-collection (`incidents/P1/events`). */
export type DocumentQuery = {
  readonly collection: string;
  readonly where?: readonly {
    readonly field: string;
    readonly is: Comparison;
    readonly value: DocumentValue;
  }[];
  readonly orderBy?: readonly { readonly field: string; readonly direction: "asc" | "desc" }[];
  readonly limit?: number;
};

/** A write that applies only if the document still has this revision; null means only if it does not exist. */
export type SeenChange = {
  readonly path: string;
  readonly data: DocumentData;
  readonly revision: string | null;
};

export type DocumentReader = {
  get(path: string): Promise<StoredDocument | null>;
  /** In the order of the paths; null where no document exists. */
  getAll(paths: readonly string[]): Promise<readonly (StoredDocument | null)[]>;
  query(query: DocumentQuery): Promise<readonly StoredDocument[]>;
};

/** Reads first, then writes: as in Firestore, a read after a write in the same transaction is an error. */
export type DocumentTransaction = DocumentReader & {
  /** Fails the whole transaction with DocumentExistsError if the path is taken. */
  create(path: string, data: DocumentData): void;
  /** Creates the document, or replaces all of it. */
  set(path: string, data: DocumentData): void;
  delete(path: string): void;
};

export type DocumentStore = DocumentReader & {
  /** One page of a collection's documents ordered by id (UTF-8 bytes), after a given id: for reading a whole collection. */
  page(
    collection: string,
    options: { readonly after: string | null; readonly limit: number },
  ): Promise<readonly StoredDocument[]>;
  count(query: DocumentQuery): Promise<number>;
  /**
   * Throws DocumentExistsError if the path is taken. `beside` is another document that is created or replaced in the same
   * atomic write.
   */
  create(
    path: string,
    data: DocumentData,
    beside?: { readonly path: string; readonly data: DocumentData },
  ): Promise<void>;
  set(path: string, data: DocumentData): Promise<void>;
  delete(path: string): Promise<void>;
  /**
   * Writes documents without reading them: all, or none if one of them has changed since it was read. Returns their new revisions
   * in order; null if nothing was written. An existing document keeps its field names.
   */
  replace(changes: readonly SeenChange[]): Promise<readonly string[] | null>;
  /**
   * A serialisable transaction: what was read is unchanged when the writes are committed. `work` is run again after a
   * conflict, so it must have no effects other than through its argument.
   */
  transaction<T>(work: (transaction: DocumentTransaction) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

export class DocumentExistsError extends Error {
  readonly path: string;
  constructor(path: string) {
    super(`document ${path} exists already`);
    this.name = "DocumentExistsError";
    this.path = path;
  }
}

/** Fast path: nearly all ids consist of letters, digits and harmless punctuation, and are valid. */
const ordinaryId = /^[A-Za-z0-9][A-Za-z0-9%._:~*'()!-]{2,400}$/;

/** Throws RangeError unless `id` can be one segment of a path in Firestore (Quotas and limits: document ids). */
export function assertDocumentId(id: string): void {
  if (ordinaryId.test(id)) return;
  const bytes = Buffer.byteLength(id);
  if (
    bytes < 1 ||
    bytes > 1500 ||
    id.includes("/") ||
    id === "." ||
    id === ".." ||
    /^__.*__$/s.test(id) ||
    !id.isWellFormed()
  ) {
    throw new RangeError(
      `'${id.slice(0, 80)}' cannot be a document id: 1 to 1,500 bytes of UTF-8, no '/', not '.', '..' or '__x__'`,
    );
  }
}
