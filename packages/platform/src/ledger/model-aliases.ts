import { z } from "zod";
import type { DocumentStore } from "../document-store.ts";
import { decode } from "./decode.ts";
import { paths } from "./paths.ts";

export type ModelAlias = "champion" | "challenger" | "previous";

/** Which model version decides, and which is tried beside it. */
export type ModelAliases = {
  /** The model version that an alias points at, or null. */
  alias(name: ModelAlias): Promise<string | null>;
  /** Makes a version the champion; the one before becomes `previous`. */
  promote(version: string): Promise<void>;
  /** Goes back to no champion; the one before becomes `previous`. */
  demote(): Promise<void>;
  /** Points an alias at a version, or at none. The champion has `promote`. */
  setAlias(name: Exclude<ModelAlias, "champion">, version: string | null): Promise<void>;
};

const aliasDocument = z.object({ version: z.string() });

export const modelAliasesIn = (store: DocumentStore): ModelAliases => ({
  async alias(name) {
    const document = await store.get(paths.alias(name));
    return document === null ? null : decode(aliasDocument, document).version;
  },
  promote: (version) =>
    store.transaction(async (transaction) => {
      const document = await transaction.get(paths.alias("champion"));
      const before = document === null ? null : decode(aliasDocument, document).version;
      if (before === version) return;
      if (before !== null) transaction.set(paths.alias("previous"), { version: before });
      transaction.set(paths.alias("champion"), { version });
    }),
  demote: () =>
    store.transaction(async (transaction) => {
      const document = await transaction.get(paths.alias("champion"));
      if (document === null) return;
      transaction.set(paths.alias("previous"), { version: decode(aliasDocument, document).version });
      transaction.delete(paths.alias("champion"));
    }),
  setAlias: (name, version) =>
    version === null ? store.delete(paths.alias(name)) : store.set(paths.alias(name), { version }),
});
