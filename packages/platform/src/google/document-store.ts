import {
  type DocumentReference,
  type DocumentSnapshot,
  FieldPath,
  Firestore,
  type Query,
  Timestamp,
  type Transaction,
} from "@google-cloud/firestore";
import { codeOf, messageOf } from "@mrdata/base";
import DataLoader from "dataloader";
import {
  type DocumentData,
  DocumentExistsError,
  type DocumentQuery,
  type DocumentStore,
  type DocumentTransaction,
  type StoredDocument,
} from "../document-store.ts";
import { encodeDocument, splitPath } from "../embedded/document-rules.ts";
import { ages, EXPIRY_FIELD } from "../ledger/ageing.ts";
import { grpcStatus } from "./grpc-status.ts";
import { within } from "./within.ts";

export type GoogleStoreOptions = {
  readonly project: string;
  readonly database: string;
  /** `host:port` of an emulator. FIRESTORE_EMULATOR_HOST takes precedence if it is set. */
  readonly host?: string;
  /** Timeout of one read or write, milliseconds. */
  readonly timeout?: number;
  /** Timeout of a transaction with all its retries, milliseconds. */
  readonly transactionTimeout?: number;
  /** How long after its last change a document of an ageing collection may be deleted, milliseconds; absent means never. */
  readonly retention?: number;
  readonly now?: () => number;
};

/** Most documents in one read request. */
const MAX_PER_READ = 300;
/** The client backs off from 1 s upwards between attempts, so the timeout is reached before this limit. */
const MAX_ATTEMPTS = 20;

/**
 * Documents in a Firestore database (https://cloud.google.com/firestore/docs). Rejects with DocumentExistsError as
 * the port specifies, with RangeError for paths and data that Firestore cannot store, and otherwise with the client's
 * error or one that names the operation that timed out.
 */
export function openGoogleStore({
  project,
  database,
  host,
  timeout = 10_000,
  transactionTimeout = 45_000,
  retention,
  now = Date.now,
}: GoogleStoreOptions): DocumentStore {
  // The client opens a span for every call, collected or not, which is a tenth of the cost of a call.
  // To collect them, set this variable (https://cloud.google.com/firestore/native/docs/nodejs-tracing).
  process.env.FIRESTORE_ENABLE_TRACING ??= "off";
  const firestore = new Firestore({
    projectId: project,
    databaseId: database,
    ignoreUndefinedProperties: false,
    ...(host === undefined ? {} : { host, ssl: false }),
  });
  const at = (path: string) => {
    splitPath(path);
    return firestore.doc(path);
  };
  /** Firestore accepts NaN, and would reject other invalid data only at the server. */
  const keepable = (path: string, data: DocumentData): Record<string, unknown> => {
    encodeDocument(path, data);
    return retention === undefined || !ages(path)
      ? { ...data }
      : { ...data, [EXPIRY_FIELD]: new Date(now() + retention) };
  };
  /** Pending calls of the client, including those that timed out. */
  const pending = new Set<Promise<unknown>>();
  const watched = <T>(work: Promise<T>): Promise<T> => {
    pending.add(work);
    const leave = () => {
      pending.delete(work);
    };
    work.then(leave, leave);
    return work;
  };
  const bounded = <T>(what: string, work: Promise<T>) => within(timeout, `Firestore: ${what}`, watched(work));

  /** Serves several reads by one request, all as of one moment (BatchGetDocuments, `read_time`). */
  const readBatch = async (reads: readonly (readonly string[])[]) => {
    // Concurrent decisions read the same settings and often the same records.
    const unique = [...new Set(reads.flat())];
    const reading = firestore.getAll(...unique.map(at));
    const snapshots = await bounded(`reading ${unique.join(", ").slice(0, 200)}`, reading);
    const found = new Map(snapshots.map((snapshot, i) => [unique[i], revised(snapshot)]));
    return reads.map((paths) => paths.map((path) => found.get(path) ?? null));
  };
  // All reads of one turn of the event loop share a request: those of a decision, or of a storm.
  const reads = new DataLoader(
    async (batch: readonly (readonly string[])[]) =>
      (await Promise.all(inRequests(batch).map(readBatch))).flat(),
    { cache: false },
  );
  const read = async (paths: readonly string[]): Promise<readonly (StoredDocument | null)[]> => {
    for (const path of paths) splitPath(path);
    return paths.length === 0 ? [] : reads.load(paths);
  };

  return {
    get: async (path) => (await read([path]))[0] ?? null,
    getAll: read,
    async query(query) {
      const { docs } = await bounded(`querying ${query.collection}`, build(firestore, query).get());
      return docs.map(present);
    },
    async page(collection, { after, limit }) {
      const all = firestore.collection(collection).orderBy(FieldPath.documentId());
      const rest = after === null ? all : all.startAfter(after);
      const { docs } = await bounded(`listing ${collection}`, rest.limit(limit).get());
      return docs.map(present);
    },
    async count(query) {
      const counted = build(firestore, query).count().get();
      return (await bounded(`counting ${query.collection}`, counted)).data().count;
    },
    async create(path, data, beside) {
      const batch = firestore.batch().create(at(path), keepable(path, data));
      if (beside !== undefined) batch.set(at(beside.path), keepable(beside.path, beside.data));
      try {
        await bounded(`creating ${path}`, batch.commit());
      } catch (error) {
        throw codeOf(error) === grpcStatus.alreadyExists ? new DocumentExistsError(path) : error;
      }
    },
    async set(path, data) {
      await bounded(`writing ${path}`, at(path).set(keepable(path, data)));
    },
    async delete(path) {
      await bounded(`deleting ${path}`, at(path).delete());
    },
    async replace(changes) {
      const batch = firestore.batch();
      for (const { path, data, revision } of changes) {
        const document = keepable(path, data);
        if (revision === null) batch.create(at(path), document);
        else batch.update(at(path), document, { lastUpdateTime: timeOf(revision) });
      }
      try {
        const written = await bounded(
          `writing ${changes.map(({ path }) => path).join(", ")}`,
          batch.commit(),
        );
        return written.map(({ writeTime }) => revisionOf(writeTime));
      } catch (error) {
        if (overtaken.has(codeOf(error))) return null;
        throw error;
      }
    },
    async transaction(work) {
      let created: string[] = [];
      let expired = false;
      const run = firestore.runTransaction(
        async (transaction) => {
          created = [];
          const result = await work(
            transactionOver(firestore, transaction, { at, keepable, creates: (path) => created.push(path) }),
          );
          // The caller has given up: nothing may be written behind its back.
          if (expired) throw new Error("the transaction was given up");
          return result;
        },
        { maxAttempts: MAX_ATTEMPTS },
      );
      try {
        return await within(transactionTimeout, "Firestore: a transaction", watched(run));
      } catch (error) {
        expired = true;
        if (codeOf(error) !== grpcStatus.alreadyExists) throw error;
        throw new DocumentExistsError(takenOf(created, error));
      }
    },
    async close() {
      if (pending.size === 0) return firestore.terminate();
      // Terminating a client that is still retrying throws an uncatchable error, which ends the process with a stack
      // trace. So it is terminated once it has given up.
      void Promise.allSettled(pending)
        .then(() => firestore.terminate())
        .catch(() => {});
    },
  };
}

/** Splits reads, in order, into requests of at most `MAX_PER_READ` documents; a single read is never divided. */
function inRequests(reads: readonly (readonly string[])[]): readonly (readonly (readonly string[])[])[] {
  const requests: (readonly string[])[][] = [];
  let room = 0;
  for (const paths of reads) {
    const last = requests.at(-1);
    if (last !== undefined && paths.length <= room) last.push(paths);
    else requests.push([paths]);
    room = (last !== undefined && paths.length <= room ? room : MAX_PER_READ) - paths.length;
  }
  return requests;
}

function transactionOver(
  firestore: Firestore,
  transaction: Transaction,
  {
    at,
    keepable,
    creates,
  }: {
    readonly at: (path: string) => DocumentReference;
    readonly keepable: (path: string, data: DocumentData) => Record<string, unknown>;
    readonly creates: (path: string) => void;
  },
): DocumentTransaction {
  return {
    get: async (path) => stored(await transaction.get(at(path))),
    getAll: async (paths) =>
      paths.length === 0 ? [] : (await transaction.getAll(...paths.map(at))).map(stored),
    query: async (query) => (await transaction.get(build(firestore, query))).docs.map(present),
    create(path, data) {
      transaction.create(at(path), keepable(path, data));
      creates(path);
    },
    set(path, data) {
      transaction.set(at(path), keepable(path, data));
    },
    delete(path) {
      transaction.delete(at(path));
    },
  };
}

function build(firestore: Firestore, { collection, where = [], orderBy = [], limit }: DocumentQuery): Query {
  let query: Query = firestore.collection(collection);
  for (const { field, is, value } of where)
    query = query.where(new FieldPath(...field.split(".")), is, value);
  for (const { field, direction } of orderBy)
    query = query.orderBy(new FieldPath(...field.split(".")), direction);
  return limit === undefined ? query : query.limit(limit);
}

/** Finds which of the documents that a transaction tried to create its error is about. */
function takenOf(created: readonly string[], error: unknown): string {
  const text = messageOf(error);
  const named = created.filter((path) => text.includes(`/${path}`));
  return named.toSorted((a, b) => b.length - a.length)[0] ?? created[0] ?? "of a transaction";
}

const present = (snapshot: DocumentSnapshot): StoredDocument => {
  // The expiry field is an implementation detail; readers of documents do not see it.
  const { [EXPIRY_FIELD]: _, ...data } = snapshot.data() ?? {};
  return { path: snapshot.ref.path, id: snapshot.id, data };
};

/** Status codes of a commit on a document that has changed since it was read, or is being written. */
const overtaken: ReadonlySet<unknown> = new Set([
  grpcStatus.alreadyExists,
  grpcStatus.notFound,
  grpcStatus.failedPrecondition,
  grpcStatus.aborted,
]);

const revisionOf = ({ seconds, nanoseconds }: Timestamp): string => `${seconds}.${nanoseconds}`;
const timeOf = (revision: string): Timestamp => {
  const [seconds, nanoseconds] = revision.split(".").map(Number);
  return new Timestamp(seconds ?? 0, nanoseconds ?? 0);
};

const revised = (snapshot: DocumentSnapshot): StoredDocument | null =>
  snapshot.exists && snapshot.updateTime !== undefined
    ? { ...present(snapshot), revision: revisionOf(snapshot.updateTime) }
    : null;

const stored = (snapshot: DocumentSnapshot): StoredDocument | null =>
  snapshot.exists ? present(snapshot) : null;
