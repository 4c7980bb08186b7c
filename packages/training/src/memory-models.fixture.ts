import type { ModelStore } from "@mrdata/platform";

/** An in-memory model store with the rules of the real ones. */
export function memoryModels(): ModelStore & {
  readonly folders: Map<string, ReadonlyMap<string, Uint8Array>>;
} {
  const folders = new Map<string, ReadonlyMap<string, Uint8Array>>();
  return {
    folders,
    versions: async () => [...folders.keys()],
    read: async (version, file) => folders.get(version)?.get(file) ?? null,
    async publish(version, files) {
      if (folders.has(version)) throw new Error(`model version ${version} exists already`);
      folders.set(version, files);
    },
    remove: async (version) => {
      folders.delete(version);
    },
  };
}
