import { type DocumentSnapshot, FieldPath, Firestore, type Query } from "@google-cloud/firestore";
import {
  type DocumentData,
  DocumentExistsError,
  type DocumentQuery,
  type DocumentStore,
  type StoredDocument,
} from "../document-store.ts";

/** gRPC status of a `create` whose document is there already. */
const ALREADY_EXISTS = 6;

/** Documents in a Firestore database. FIRESTORE_EMULATOR_HOST is honoured by the client. */
export function openGoogleStore({
  project,
  database,
}: {
  readonly project: string;
  readonly database: string;
}): DocumentStore {
  const firestore = new Firestore({ projectId: project, databaseId: database });
  return {
    get: async (path) => stored(await firestore.doc(path).get()),
    getAll: async (paths) =>
      paths.length === 0
        ? []
        : (await firestore.getAll(...paths.map((path) => firestore.doc(path)))).map(stored),
    query: async (query) => (await build(firestore, query).get()).docs.map(present),
    count: async (query) => (await build(firestore, query).count().get()).data().count,
    async create(path, data) {
      await firestore.doc(path).create(plain(data)).catch(existing(path));
    },
    async set(path, data) {
      await firestore.doc(path).set(plain(data));
    },
    async delete(path) {
      await firestore.doc(path).delete();
    },
    async transaction(work) {
      let created: string | null = null;
      try {
        return await firestore.runTransaction(
          (transaction) => {
            created = null;
            return work({
              get: async (path) => stored(await transaction.get(firestore.doc(path))),
              getAll: async (paths) =>
                paths.length === 0
                  ? []
                  : (await transaction.getAll(...paths.map((path) => firestore.doc(path)))).map(stored),
              query: async (query) => (await transaction.get(build(firestore, query))).docs.map(present),
              create(path, data) {
                created ??= path;
                transaction.create(firestore.doc(path), plain(data));
              },
              set(path, data) {
                transaction.set(firestore.doc(path), plain(data));
              },
              delete(path) {
                transaction.delete(firestore.doc(path));
              },
            });
          },
          { maxAttempts: 30 },
        );
      } catch (error) {
        if (created !== null && codeOf(error) === ALREADY_EXISTS) throw new DocumentExistsError(created);
        throw error;
      }
    },
    close: () => firestore.terminate(),
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

const plain = (data: DocumentData): Record<string, unknown> => ({ ...data });

const present = (snapshot: DocumentSnapshot): StoredDocument => ({
  path: snapshot.ref.path,
  id: snapshot.id,
  data: snapshot.data() ?? {},
});

const stored = (snapshot: DocumentSnapshot): StoredDocument | null =>
  snapshot.exists ? present(snapshot) : null;

const codeOf = (error: unknown): unknown => (error instanceof Error && "code" in error ? error.code : null);

const existing = (path: string) => (error: unknown) => {
  throw codeOf(error) === ALREADY_EXISTS ? new DocumentExistsError(path) : error;
};
