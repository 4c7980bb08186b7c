import { z } from "zod";
import type { DocumentData, StoredDocument } from "../document-store.ts";
import { decode } from "./decode.ts";
import { disarmedByNote, isLater } from "./disarmed-by-note.ts";
import type { Decided, Settings } from "./settings.ts";
import { decodeSettings } from "./settings-document.ts";

/**
 * A disarming note stored in the settings document when the settings could not be read. A version that can read
 * them gets it in the same read, and a version that does not know the field keeps it like every unknown field.
 */
const withNote = z.object({
  disarmNote: z.object({ who: z.string(), at: z.number(), why: z.string() }).optional(),
});

/**
 * The settings of a document, disarmed by the note stored with them; they are written back without it. Throws
 * UnreadableDocumentError that names the field.
 */
export function settingsWithNote(document: StoredDocument): Settings {
  const { disarmNote } = decode(withNote, document);
  if (disarmNote === undefined) return decodeSettings(document);
  const { disarmNote: _, ...data } = document.data;
  const settings = decodeSettings({ ...document, data });
  return disarmedByNote(settings, disarmNote) ?? settings;
}

/** The settings document, readable or not, with the note added; of several notes the latest is kept. */
export function noteBeside(data: DocumentData, decided: Decided): DocumentData {
  const before = withNote.safeParse(data).data?.disarmNote;
  return before !== undefined && !isLater(decided, before) ? data : { ...data, disarmNote: { ...decided } };
}
