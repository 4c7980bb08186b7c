import { z } from "zod";
import type { DocumentData, StoredDocument } from "../document-store.ts";
import { decode } from "./decode.ts";
import { disarmedByNote, isLater } from "./disarmed-by-note.ts";
import type { Decided, Settings } from "./settings.ts";
import { decodeSettings } from "./settings-document.ts";

/**
 * A note that disarms, beside settings that could not be read when it was heard: in their own document, so that whoever can read
 * them finds it in the same look, and a version that knows nothing of it keeps it as it keeps every field it does not know.
 */
const withNote = z.object({
  disarmNote: z.object({ who: z.string(), at: z.number(), why: z.string() }).optional(),
});

/**
 * The settings as a document tells them, disarmed by the note beside them; they are written back without it. Throws
 * UnreadableDocumentError with the field.
 */
export function settingsWithNote(document: StoredDocument): Settings {
  const { disarmNote } = decode(withNote, document);
  if (disarmNote === undefined) return decodeSettings(document);
  const { disarmNote: _, ...data } = document.data;
  const settings = decodeSettings({ ...document, data });
  return disarmedByNote(settings, disarmNote) ?? settings;
}

/** The document of the settings, readable or not, with the note beside them: of several the later. */
export function noteBeside(data: DocumentData, decided: Decided): DocumentData {
  const before = withNote.safeParse(data).data?.disarmNote;
  return before !== undefined && !isLater(decided, before) ? data : { ...data, disarmNote: { ...decided } };
}
