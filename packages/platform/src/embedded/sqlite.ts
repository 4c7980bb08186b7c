import { DatabaseSync, type StatementSync } from "node:sqlite";

/**
 * A database file in WAL mode: readers and one writer side by side, from several processes. `synchronous=NORMAL`
 * survives `kill -9` of any process at any moment, because what is committed is with the operating system; after a
 * power cut the last commits may be missing, the file stays sound (https://sqlite.org/pragma.html#pragma_synchronous).
 * The log is carried over into the file every 16 MB, not 4: each time waits for the disk. Throws an Error that names the
 * file.
 */
export function openDatabase(file: string): DatabaseSync {
  try {
    const database = new DatabaseSync(file, { timeout: 5_000 });
    // 64 MiB of pages at the most: with the usual 2 MiB a large import writes the same pages again and again.
    database.exec(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -65536;",
    );
    return database;
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : "cannot be opened"}`, {
      cause: error,
    });
  }
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
