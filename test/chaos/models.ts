import type { ModelStore } from "@mrdata/platform";

export type VersionFiles = ReadonlyMap<string, Uint8Array>;

/** The sound version, and three that no bot may trust. */
export function modelsWith(sound: VersionFiles): ModelStore {
  const changed = (work: (bytes: Uint8Array) => Uint8Array | null) =>
    new Map([...sound].map(([file, bytes]) => [file, file === "model.bst" ? work(bytes) : bytes]));
  const versions = new Map<string, ReadonlyMap<string, Uint8Array | null>>([
    ["sound", sound],
    ["corrupt-short", changed((bytes) => bytes.slice(0, bytes.length >> 1))],
    ["corrupt-bit", changed(withOneDigitChanged)],
    ["corrupt-missing", changed(() => null)],
  ]);
  return {
    versions: async () => [...versions.keys()],
    read: async (version, file) => versions.get(version)?.get(file) ?? null,
    publish: async () => {
      throw new Error("nothing is published here");
    },
  };
}

/** One digit in the middle: it parses as well as before, and says something else. */
function withOneDigitChanged(bytes: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(bytes);
  const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x38;
  const place = changed.findIndex((byte, i) => i > changed.length / 2 && isDigit(byte));
  changed[place] = (changed[place] ?? 0) + 1;
  return changed;
}
