import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import type { DocumentData, StoredDocument } from "../document-store.ts";
import { decode, decoderOf } from "./decode.ts";
import {
  currentSettings,
  defaultSettings,
  firstSettings,
  SETTINGS_SCHEMA,
  type Settings,
  usualCertificate,
} from "./settings.ts";

/** The current schema, which keeps unknown fields. */
const whole: z.ZodType<Settings> = currentSettings.loose();
const decodeCurrent = decoderOf(whole);

/**
 * Reads the document. An armed service in schema 1 has no policy, so it is in annotate mode until it is armed
 * again. Throws UnreadableDocumentError that names the field.
 */
export function decodeSettings(document: StoredDocument): Settings {
  if (document.data.schema !== 1) return decodeCurrent(document);
  const { services, ...rest } = decode(firstSettings, document);
  const lifted = Object.entries(services).map(([id, { mode: before, ...one }]) => [
    id,
    {
      ...one,
      mode: before === "armed" ? "annotate" : before,
      policy: null,
      who: "settings of schema 1",
      at: 0,
      why: before === "armed" ? "no policy was named: arm it again" : "",
    },
  ]);
  const data = {
    ...defaultSettings,
    ...rest,
    schema: SETTINGS_SCHEMA,
    services: Object.fromEntries(lifted),
  };
  return decode(whole, { ...document, data });
}

/**
 * The document to store: unknown fields as they were read, and `rails` and `certificate` only if they are set, so
 * that a version without these fields can still read it. Throws UnreadableDocumentError, naming the field, for settings that could
 * not be read back.
 */
export function encodeSettings(settings: Settings): DocumentData {
  decode(whole, { path: "settings/bot", id: "bot", data: settings });
  const { rails, certificate, home, ...rest } = settings;
  return {
    ...rest,
    ...(isDeepStrictEqual(certificate, usualCertificate) ? {} : { certificate }),
    ...(Object.keys(rails).length === 0 ? {} : { rails }),
    ...(home === null ? {} : { home }),
  };
}
