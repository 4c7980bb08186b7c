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
  /** `host:port` of an emulator. FIRESTORE_EMULATOR_HOST, where it is set, comes before it. */
  readonly host?: string;
  /** The most that one read or write may take, milliseconds. */
  readonly timeout?: number;
  /** The most that a transaction may take with all its repetitions, milliseconds. */
  readonly transactionTimeout?: number;
  /** How long after its last change a document that ages may be deleted, milliseconds; left out: never. */
  readonly retention?: number;
  readonly now?: () => number;
};

/** Documents in one read request. */
const MAX_PER_READ = 300;
/** The client waits 1 s and then ever longer between attempts, so the time runs out before these do. */
const MAX_ATTEMPTS = 20;

/**
 * Documents in a Firestore database (https://cloud.google.com/firestore/docs). Rejects with DocumentExistsError where
 * the port says so, with RangeError for paths and data that Firestore could not keep, and otherwise with the client's
 * error or one that says what took too long.
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
  // The client would open a span for every call, whether or not anybody collects them: a tenth of what a call costs.
  // Whoever does collect them sets this (https://cloud.google.com/firestore/native/docs/nodejs-tracing).
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
  /** Firestore would take NaN, and would refuse the rest only when it has come all the way to the server. */
  const keepable = (path: string, data: DocumentData): Record<string, unknown> => {
    encodeDocument(path, data);
    return retention === undefined || !ages(path)
      ? { ...data }
      : { ...data, [EXPIRY_FIELD]: new Date(now() + retention) };
  };
  /** What the client has been asked; also what nobody waits for any more. */
  const underWay = new Set<Promise<unknown>>();
  const watched = <T>(work: Promise<T>): Promise<T> => {
    underWay.add(work);
    const leave = () => {
      underWay.delete(work);
    };
    work.then(leave, leave);
    return work;
  };
  const bounded = <T>(what: string, work: Promise<T>) => within(timeout, `Firestore: ${what}`, watched(work));

  /** What several ask for in one request: of one moment (BatchGetDocuments, `read_time`). */
  const readTogether = async (questions: readonly (readonly string[])[]) => {
    // Decisions made side by side ask for the same settings and often for the same records.
    const asked = [...new Set(questions.flat())];
    const reading = firestore.getAll(...asked.map(at));
    const snapshots = await bounded(`reading ${asked.join(", ").slice(0, 200)}`, reading);
    const found = new Map(snapshots.map((snapshot, i) => [asked[i], revised(snapshot)]));
    return questions.map((paths) => paths.map((path) => found.get(path) ?? null));
  };
  // What is asked for in one turn of the event loop travels in one request: a decision's reads, or a storm's.
  const reads = new DataLoader(
    async (questions: readonly (readonly string[])[]) =>
      (await Promise.all(inRequests(questions).map(readTogether))).flat(),
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
          // Nobody waits for the answer any more: nothing may be written behind the caller's back.
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
      if (underWay.size === 0) return firestore.terminate();
      // A client that is ended while it still tries throws where nobody can catch it, which ends the process with a stack
      // trace: it is ended once it has given up.
      void Promise.allSettled(underWay)
        .then(() => firestore.terminate())
        .catch(() => {});
    },
  };
}

/** Questions in the order in which they come, so many in a request as it takes: none is divided. */
function inRequests(questions: readonly (readonly string[])[]): readonly (readonly (readonly string[])[])[] {
  const requests: (readonly string[])[][] = [];
  let room = 0;
  for (const question of questions) {
    const last = requests.at(-1);
    if (last !== undefined && question.length <= room) last.push(question);
    else requests.push([question]);
    room = (last !== undefined && question.length <= room ? room : MAX_PER_READ) - question.length;
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

/** Which of the documents that a transaction would have made is the one that its error speaks of. */
function takenOf(created: readonly string[], error: unknown): string {
  const text = messageOf(error);
  const named = created.filter((path) => text.includes(`/${path}`));
  return named.toSorted((a, b) => b.length - a.length)[0] ?? created[0] ?? "of a transaction";
}

const present = (snapshot: DocumentSnapshot): StoredDocument => {
  // When it may go is between Firestore and us; whoever reads documents knows nothing of it.
  const { [EXPIRY_FIELD]: _, ...data } = snapshot.data() ?? {};
  return { path: snapshot.ref.path, id: snapshot.id, data };
};

/** What the commit answers where a document is no more as it was seen, or somebody is writing it. */
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
