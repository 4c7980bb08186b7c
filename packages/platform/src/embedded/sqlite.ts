import { chmodSync, closeSync, existsSync, openSync } from "node:fs";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { messageOf } from "@mrdata/base";

/** How long opening waits for a lock. It blocks the thread, but a file is prepared once, before any request is served. */
const OPEN_TIMEOUT_MS = 5_000;
/** How long a command waits for a lock. */
export const LOCK_TIMEOUT_MS = 5_000;

/**
 * A database file in WAL mode: concurrent readers and one writer, from several processes. `synchronous=NORMAL`
 * survives `kill -9` of any process at any moment, because the operating system has every commit; after a
 * power failure the last commits may be missing, but the file stays intact (https://sqlite.org/pragma.html#pragma_synchronous).
 * The log is checkpointed every 16 MB instead of 4, because each checkpoint waits for the disk. Only the owner can read the file.
 *
 * While `prepare` runs, SQLite waits for locks itself; afterwards it never does, because that would block the thread that
 * answers requests: see `retryWhileLocked`. Throws an Error that names the file.
 */
export function openDatabase(file: string, prepare: (database: DatabaseSync) => void): DatabaseSync {
  try {
    if (file !== ":memory:") keepToOwner(file);
    const database = new DatabaseSync(file, { timeout: OPEN_TIMEOUT_MS });
    // A page cache of at most 64 MiB: with the default 2 MiB a large import writes the same pages again and again.
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

/** SQLite's companion files inherit the permissions of the database file (https://sqlite.org/wal.html) when they are created. */
function keepToOwner(file: string): void {
  closeSync(openSync(file, "a", 0o600));
  for (const one of [file, `${file}-wal`, `${file}-shm`]) if (existsSync(one)) chmodSync(one, 0o600);
}

/** Prepared statements, each prepared once. */
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
 * Runs `work` in one write transaction; an exception rolls everything back. Inside an open transaction it uses
 * a savepoint and affects only its own part.
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
