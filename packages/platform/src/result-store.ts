/**
 * Where the tasks of a training leave what they made: objects that are written once, under names that are made of their
 * inputs. A task that is done again finds its own result, and makes nothing else of it.
 */
export type ResultStore = {
  /** The bytes of a result, or null where there is none of this name. */
  read(name: string): Promise<Uint8Array | null>;
  /** Writes a result whole or not at all. False where there is one of this name: the first stands. */
  write(name: string, bytes: Uint8Array): Promise<boolean>;
};

/** Names of results become file and object names: a word and a hash, say. */
export const isResultName = (text: string): boolean => /^[a-z0-9][a-z0-9-]{0,119}$/.test(text);

/** Throws RangeError for a name that no result can have. */
export function assertResultName(name: string): void {
  if (!isResultName(name)) throw new RangeError(`'${name.slice(0, 80)}' cannot be the name of a result`);
}

/** Results in memory, for a training that stays in one process. */
export function memoryResults(): ResultStore {
  const results = new Map<string, Uint8Array>();
  return {
    async read(name) {
      assertResultName(name);
      return results.get(name) ?? null;
    },
    async write(name, bytes) {
      assertResultName(name);
      if (results.has(name)) return false;
      results.set(name, bytes);
      return true;
    },
  };
}
