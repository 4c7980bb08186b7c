import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import type { HistoryFiles } from "../history-files.ts";

/** The files of a folder and its sub-folders. A generation is the SHA-256 of the content. */
export function openEmbeddedHistory({ dir }: { readonly dir: string }): HistoryFiles {
  const generationOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
  return {
    async list() {
      if (!existsSync(dir)) return [];
      return readdirSync(dir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
        .map((entry) => join(entry.parentPath, entry.name))
        .map((path) => {
          const { size, uid } = statSync(path);
          const name = path.slice(dir.length + 1).replaceAll(sep, "/");
          const generation = generationOf(readFileSync(path));
          return { name, generation, bytes: size, writtenBy: `user ${uid} of this machine` };
        })
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    async read({ name, generation }) {
      const path = join(dir, name);
      if (!existsSync(path)) return null;
      const bytes = readFileSync(path);
      return generationOf(bytes) === generation ? bytes : null;
    },
  };
}
