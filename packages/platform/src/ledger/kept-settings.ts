import type { DocumentData, DocumentStore, StoredDocument } from "../document-store.ts";
import { noteBeside, settingsWithNote } from "./disarm-note.ts";
import { paths } from "./paths.ts";
import { settingsAt } from "./service-modes.ts";
import { type Decided, defaultSettings, type Settings } from "./settings.ts";
import { encodeSettings } from "./settings-document.ts";

/** What people set. */
export type KeptSettings = {
  /** Throws UnreadableDocumentError, naming the field, if the document is not what this program understands. */
  settings(): Promise<Settings>;
  /** Throws UnreadableDocumentError, naming the field, for what could not be read back. */
  saveSettings(settings: Settings): Promise<void>;
  /** Changes the settings as if alone; answers with what they are now. Throws as `settings` and `saveSettings` do. */
  changeSettings(change: (settings: Settings) => Settings): Promise<Settings>;
  /**
   * Keeps a person's note that disarms beside settings that cannot be read: whoever can read them finds them disarmed by it. Of
   * several the later stands; told again it changes nothing.
   */
  noteDisarming(decided: Decided): Promise<void>;
};

/** `home`: the database in words, by which a restored copy is known; null on one machine. */
export function keptSettingsIn(store: DocumentStore, home: string | null): KeptSettings {
  const settingsIn = (document: StoredDocument | null): Settings =>
    document === null ? defaultSettings : settingsAt(settingsWithNote(document), home);
  const encodeHere = (settings: Settings): DocumentData =>
    encodeSettings(home === null ? settings : { ...settings, home });
  return {
    async settings() {
      const document = await store.get(paths.settings);
      return settingsIn(document);
    },
    async saveSettings(settings) {
      await store.set(paths.settings, encodeHere(settings));
    },
    changeSettings: (change) =>
      store.transaction(async (transaction) => {
        const document = await transaction.get(paths.settings);
        const changed = change(settingsIn(document));
        transaction.set(paths.settings, encodeHere(changed));
        return changed;
      }),
    noteDisarming: (decided) =>
      store.transaction(async (transaction) => {
        const document = await transaction.get(paths.settings);
        // Without settings nothing is armed.
        if (document !== null) transaction.set(paths.settings, noteBeside(document.data, decided));
      }),
  };
}
