import { PagerDutyError } from "@mrdata/pagerduty";
import { reasonOf } from "@mrdata/runtime";
import pMap from "p-map";

/** The result of a read. `missing`: PagerDuty has no such object. */
export type Read<T> =
  | { readonly kind: "read"; readonly value: T }
  | { readonly kind: "missing" }
  | { readonly kind: "unreadable"; readonly reason: string };

/** Wraps reads of PagerDuty so that they never reject, and collects what the key was refused. */
export type Attempts = {
  /** PagerDuty responded that it does not know the key (401). */
  readonly keyIsUnknown: boolean;
  readonly refused: readonly string[];
  of<T>(read: () => Promise<T>): Promise<Read<T>>;
};

export function attempts(): Attempts {
  const refused: string[] = [];
  let keyIsUnknown = false;
  return {
    get keyIsUnknown() {
      return keyIsUnknown;
    },
    refused,
    async of(read) {
      try {
        return { kind: "read", value: await read() };
      } catch (error) {
        if (error instanceof PagerDutyError && error.status === 404) return { kind: "missing" };
        const reason = reasonOf(error);
        if (error instanceof PagerDutyError && error.status === 403) refused.push(reason);
        if (error instanceof PagerDutyError && error.status === 401) keyIsUnknown = true;
        return { kind: "unreadable", reason };
      }
    },
  };
}

/** The value, or `otherwise` if it is missing or could not be read. */
export const readOr = <T, O>(read: Read<T>, otherwise: O): T | O =>
  read.kind === "read" ? read.value : otherwise;

export async function collect<T>(list: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const one of list) all.push(one);
  return all;
}

/** Concurrent reads: PagerDuty's rate limit is 960 a minute. */
const CONCURRENCY = 8;

/** Reads each distinct id once, with limited concurrency. */
export async function byId<T>(
  ids: readonly string[],
  readOne: (id: string) => Promise<T>,
): Promise<ReadonlyMap<string, T>> {
  const read = async (id: string): Promise<readonly [string, T]> => [id, await readOne(id)];
  return new Map(await pMap([...new Set(ids)], read, { concurrency: CONCURRENCY }));
}
