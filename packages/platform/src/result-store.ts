/**
 * Stores the results of a training's tasks: objects that are written once, under names derived from their
 * inputs. A repeated task finds its own result and does not replace it.
 */
export type ResultStore = {
  /** The bytes of a result, or null if there is none with this name. */
  read(name: string): Promise<Uint8Array | null>;
  /** Writes a result atomically. False if there is one with this name: the first is kept. */
  write(name: string, bytes: Uint8Array): Promise<boolean>;
};

/** Names of results become file and object names, for example a word and a hash. */
export const isResultName = (text: string): boolean => /^[a-z0-9][a-z0-9-]{0,119}$/.test(text);

/** Throws RangeError for a name that no result can have. */
export function assertResultName(name: string): void {
  if (!isResultName(name)) throw new RangeError(`'${name.slice(0, 80)}' cannot be the name of a result`);
}

/** Results in memory, for a training within one process. */
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
