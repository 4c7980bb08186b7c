/**
 * Documents by path, as Firestore knows them: `incidents/P1`, `incidents/P1/events/E1`. The two adapters keep the
 * same rules, so that the ledger above them is written once.
 */
export type DocumentData = { readonly [field: string]: DocumentValue };
export type DocumentValue = string | number | boolean | null | readonly DocumentValue[] | DocumentData;

export type StoredDocument = {
  readonly path: string;
  readonly id: string;
  readonly data: DocumentData;
  /** What every write to the document changes; of documents that were read by their path outside of a transaction. */
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

/** What a document becomes, if its revision is still that one; null: if there is none. */
export type SeenChange = {
  readonly path: string;
  readonly data: DocumentData;
  readonly revision: string | null;
};

export type DocumentReader = {
  get(path: string): Promise<StoredDocument | null>;
  /** In the order of the paths; null where there is none. */
  getAll(paths: readonly string[]): Promise<readonly (StoredDocument | null)[]>;
  query(query: DocumentQuery): Promise<readonly StoredDocument[]>;
};

/** Reads first, then writes: as in Firestore, a read after a write in the same transaction is an error. */
export type DocumentTransaction = DocumentReader & {
  /** Fails the whole transaction with DocumentExistsError if the path is taken. */
  create(path: string, data: DocumentData): void;
  /** Replaces the whole document, or makes it. */
  set(path: string, data: DocumentData): void;
  delete(path: string): void;
};

export type DocumentStore = DocumentReader & {
  /** A collection's documents by their ids, in the order of UTF-8 bytes, after one of them: for whoever takes all of them. */
  page(
    collection: string,
    options: { readonly after: string | null; readonly limit: number },
  ): Promise<readonly StoredDocument[]>;
  count(query: DocumentQuery): Promise<number>;
  /**
   * Throws DocumentExistsError if the path is taken. `beside` is another document that is replaced, or made, in the same
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
   * Writes documents without reading them: all, or none where one of them is no more what it was when it was seen. Answers
   * with their revisions now, in order; null where nothing was written. A document that there is keeps its fields' names.
   */
  replace(changes: readonly SeenChange[]): Promise<readonly string[] | null>;
  /**
   * All of it or nothing, as if alone: what was read is unchanged when the writes land. `work` is run again when
   * another writer came between, so it must do nothing but read and write through its argument.
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

/** Ids that are nothing but letters, digits and what stands between them: nearly all, and nothing is wrong with any of them. */
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
