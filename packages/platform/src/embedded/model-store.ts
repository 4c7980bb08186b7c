import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { codeOf } from "@mrdata/base";
import { assertPublishable, isModelFile, isModelVersion, type ModelStore } from "../model-store.ts";
import { sayingWhenFull } from "./full-disk.ts";

const isMissing = (error: unknown): boolean => ["ENOENT", "ENOTDIR"].includes(String(codeOf(error)));

/** Model versions as folders of `dir`. A version appears atomically: it is written to a temporary folder and then renamed. */
export function openEmbeddedModels({ dir }: { readonly dir: string }): ModelStore {
  return {
    async versions() {
      try {
        return readdirSync(dir)
          .filter((name) => isModelVersion(name) && statSync(join(dir, name)).isDirectory())
          .sort();
      } catch (error) {
        if (isMissing(error)) return [];
        throw error;
      }
    },
    async read(version, file) {
      if (!isModelVersion(version) || !isModelFile(file)) return null;
      try {
        return readFileSync(join(dir, version, file));
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    async remove(version) {
      if (!isModelVersion(version)) return;
      // Renamed first: a folder that is being emptied must not look like a version.
      const beside = join(dir, `.removed-${version}-${process.pid}-${Date.now()}`);
      try {
        renameSync(join(dir, version), beside);
      } catch (error) {
        if (isMissing(error)) return;
        throw error;
      }
      rmSync(beside, { recursive: true, force: true });
    },
    async publish(version, files) {
      assertPublishable(version, files);
      const beside = join(dir, `.${version}-${process.pid}-${Date.now()}`);
      mkdirSync(beside, { recursive: true });
      try {
        sayingWhenFull(dir, () => {
          for (const [name, bytes] of files) writeFileSync(join(beside, name), bytes);
        });
        // A rename never replaces a folder that is not empty.
        renameSync(beside, join(dir, version));
      } catch (error) {
        rmSync(beside, { recursive: true, force: true });
        if (["ENOTEMPTY", "EEXIST"].includes(String(codeOf(error)))) {
          throw new Error(`model version ${version} exists already: versions are never overwritten`);
        }
        throw error;
      }
    },
  };
}
