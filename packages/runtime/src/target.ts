import { resolve } from "node:path";

/** Where Mr Data's state is stored: a folder on this machine, or a Firestore database. */
export type Target =
  | { readonly kind: "local"; readonly directory: string }
  | { readonly kind: "gcp"; readonly project: string; readonly database: string };

/**
 * Reads `local:DIR` or `gcp:PROJECT/DATABASE`. Throws an Error that says what was expected.
 *
 * @example
 * ```ts
 * parseTarget("gcp:my-project/ledger"); // => { kind: "gcp", project: "my-project", database: "ledger" }
 * parseTarget("local:/tmp/home").kind; // => "local"
 * parseTarget("aws:x"); // throws /is not a target/
 * ```
 */
export function parseTarget(text: string): Target {
  const local = /^local:(.+)$/s.exec(text);
  if (local?.[1]) return { kind: "local", directory: resolve(local[1]) };
  const gcp = /^gcp:([a-z][a-z0-9-]{4,28}[a-z0-9])\/(\(default\)|[a-z][a-z0-9-]{2,61}[a-z0-9])$/.exec(text);
  if (gcp?.[1] && gcp[2]) return { kind: "gcp", project: gcp[1], database: gcp[2] };
  throw new Error(`'${text}' is not a target: expected local:DIR or gcp:PROJECT/DATABASE`);
}
