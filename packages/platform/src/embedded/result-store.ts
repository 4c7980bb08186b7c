import { randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { codeOf } from "@mrdata/base";
import { assertResultName, type ResultStore } from "../result-store.ts";
import { sayingWhenFull } from "./full-disk.ts";

/** Results as files of `dir`. A file appears atomically: it is written to a temporary file and then linked under its name, once. */
export function openEmbeddedResults({ dir }: { readonly dir: string }): ResultStore {
  return {
    async read(name) {
      assertResultName(name);
      try {
        return readFileSync(join(dir, name));
      } catch (error) {
        if (codeOf(error) === "ENOENT") return null;
        throw error;
      }
    },
    async write(name, bytes) {
      assertResultName(name);
      mkdirSync(dir, { recursive: true, mode: 0o700 });
      const beside = join(dir, `.${randomUUID()}`);
      try {
        sayingWhenFull(dir, () => writeFileSync(beside, bytes));
        linkSync(beside, join(dir, name));
        return true;
      } catch (error) {
        if (codeOf(error) === "EEXIST") return false;
        throw error;
      } finally {
        rmSync(beside, { force: true });
      }
    },
  };
}
