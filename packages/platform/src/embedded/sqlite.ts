import { chmodSync, closeSync, existsSync, openSync } from "node:fs";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { messageOf } from "@mrdata/base";

/** So long opening waits for a lock, with the thread, milliseconds: a file is prepared once, before anybody is served. */
const OPENING = 5_000;
/** So long a command waits for a lock, milliseconds. */
export const PATIENCE = 5_000;

/**
 * A database file in WAL mode: readers and one writer side by side, from several processes. `synchronous=NORMAL`
 * survives `kill -9` of any process at any moment, because what is committed is with the operating system; after a
 * power cut the last commits may be missing, the file stays sound (https://sqlite.org/pragma.html#pragma_synchronous).
 * The log is carried over into the file every 16 MB, not 4: each time waits for the disk. The owner alone can read it.
 *
 * While `prepare` runs, SQLite waits for locks itself; afterwards it never does, for it would wait with the thread that
 * answers requests: see `waitingFor`. Throws an Error that names the file.
 */
export function openDatabase(file: string, prepare: (database: DatabaseSync) => void): DatabaseSync {
  try {
    if (file !== ":memory:") keepToOwner(file);
    const database = new DatabaseSync(file, { timeout: OPENING });
    // 64 MiB of pages at the most: with the usual 2 MiB a large import writes the same pages again and again.
    database.exec(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -65536;",
    );
    prepare(database);
    database.exec("PRAGMA busy_timeout = 0");
    return database;
  } catch (error) {
    throw new Error(`${file}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** What SQLite keeps beside a file takes over its permissions (https://sqlite.org/wal.html), if it is not there yet. */
function keepToOwner(file: string): void {
  closeSync(openSync(file, "a", 0o600));
  for (const one of [file, `${file}-wal`, `${file}-shm`]) if (existsSync(one)) chmodSync(one, 0o600);
}

/** Prepared statements, each made once. */
export function statements(database: DatabaseSync): (sql: string) => StatementSync {
  const made = new Map<string, StatementSync>();
  return (sql) => {
    const known = made.get(sql);
    if (known !== undefined) return known;
    const statement = database.prepare(sql);
    made.set(sql, statement);
    return statement;
  };
}

/**
 * Runs `work` in one write transaction; what it throws rolls everything back. Within a transaction that is open
 * already it rolls back, and commits, as much of that as is its own.
 */
export function atomically<T>(database: DatabaseSync, work: () => T): T {
  const [begin, commit, rollback] = database.isTransaction
    ? ["SAVEPOINT inner", "RELEASE inner", "ROLLBACK TO inner; RELEASE inner"]
    : ["BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"];
  database.exec(begin);
  try {
    const result = work();
    database.exec(commit);
    return result;
  } catch (error) {
    database.exec(rollback);
    throw error;
  }
}
