import { z } from "zod";
import type { DocumentStore } from "../document-store.ts";
import { decode } from "./decode.ts";
import { settingsWithNote } from "./disarm-note.ts";
import { paths } from "./paths.ts";
import { defaultSettings, type Settings } from "./settings.ts";
import { type LearningState, learningIn } from "./training.ts";

export type ModelAlias = "champion" | "challenger" | "previous";

/** Which model version decides, and which one is its challenger. */
export type ModelAliases = {
  /** The model version that an alias points at, or null. */
  alias(name: ModelAlias): Promise<string | null>;
  /** Makes a version the champion; the former champion becomes `previous`. */
  promote(version: string): Promise<void>;
  /**
   * Promotes a version automatically, because it passed the gate. Everything that may have changed meanwhile is checked in the same
   * transaction, which also updates the state of learning and clears the challenger. Returns the obstacle, or null if it is now
   * champion. Throws UnreadableDocumentError for settings or a state that cannot be read.
   */
  promoteByItself(version: string, promotion: Promotion): Promise<Obstacle | null>;
  /** Removes the champion; it becomes `previous`. */
  demote(): Promise<void>;
  /** Points an alias at a version, or at none. Use `promote` for the champion. */
  setAlias(name: Exclude<ModelAlias, "champion">, version: string | null): Promise<void>;
};

export type Promotion = {
  /** The champion that the version was compared with; null if there was none. */
  readonly champion: string | null;
  /** An objection from the settings, in a sentence; null if there is none. */
  readonly misfit: (settings: Settings) => string | null;
  /** The state of learning once it is champion. */
  readonly learnt: (state: LearningState) => LearningState;
};

/** Why a version was not promoted automatically. */
export type Obstacle =
  | { readonly kind: "paused"; readonly paused: NonNullable<LearningState["paused"]> }
  | { readonly kind: "champion"; readonly champion: string | null }
  | { readonly kind: "settings"; readonly sentence: string };

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
  promoteByItself: (version, { champion, misfit, learnt }) =>
    store.transaction(async (transaction) => {
      const state = await learningIn(transaction);
      const document = await transaction.get(paths.alias("champion"));
      const settings = await transaction.get(paths.settings);
      const before = document === null ? null : decode(aliasDocument, document).version;
      if (before !== version) {
        if (state.paused !== null) return { kind: "paused", paused: state.paused };
        if (before !== champion) return { kind: "champion", champion: before };
        const sentence = misfit(settings === null ? defaultSettings : settingsWithNote(settings));
        if (sentence !== null) return { kind: "settings", sentence };
        if (before !== null) transaction.set(paths.alias("previous"), { version: before });
        transaction.set(paths.alias("champion"), { version });
      }
      transaction.delete(paths.alias("challenger"));
      transaction.set(paths.learning, learnt(state));
      return null;
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
