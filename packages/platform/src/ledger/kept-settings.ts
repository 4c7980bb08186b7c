import type { DocumentData, DocumentStore, StoredDocument } from "../document-store.ts";
import { noteBeside, settingsWithNote } from "./disarm-note.ts";
import { paths } from "./paths.ts";
import { settingsAt } from "./service-modes.ts";
import { type Decided, defaultSettings, type Settings } from "./settings.ts";
import { encodeSettings } from "./settings-document.ts";

/** The settings that people change. */
export type KeptSettings = {
  /** Throws UnreadableDocumentError, naming the field, if this version cannot read the document. */
  settings(): Promise<Settings>;
  /** Throws UnreadableDocumentError, naming the field, for settings that could not be read back. */
  saveSettings(settings: Settings): Promise<void>;
  /** Changes the settings in a transaction and returns the new ones. Throws as `settings` and `saveSettings` do. */
  changeSettings(change: (settings: Settings) => Settings): Promise<Settings>;
  /**
   * Stores a disarming note with settings that cannot be read: a version that can read them finds them disarmed by it. Of
   * several the latest is kept; repeating it changes nothing.
   */
  noteDisarming(decided: Decided): Promise<void>;
};

/** `home` identifies the database, so that a restored copy is recognised; null on one machine. */
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
