import { DatabaseSync, type StatementSync } from "node:sqlite";

/**
 * A database file in WAL mode: readers and one writer side by side, from several processes. `synchronous=NORMAL`
 * survives `kill -9` of any process at any moment, because what is committed is with the operating system; after a
 * power cut the last commits may be missing, the file stays sound (https://sqlite.org/pragma.html#pragma_synchronous).
 */
export function openDatabase(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: 5_000 });
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
  return database;
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

/** Runs `work` in one write transaction; what it throws rolls everything back. */
export function atomically<T>(database: DatabaseSync, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}
