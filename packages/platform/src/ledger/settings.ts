import type { Mode } from "@mrdata/incident";
import { z } from "zod";

/** The settings that this program understands. A document of another schema is refused, and the bot keeps paging. */
export const SETTINGS_SCHEMA = 1;

const mode = z.enum(["shadow", "annotate", "armed"]);

export const settingsDocument = z.strictObject({
  schema: z.literal(SETTINGS_SCHEMA, {
    error: (issue) => `is ${String(issue.input)}, and this version of Mr Data understands ${SETTINGS_SCHEMA}`,
  }),
  /** Set by `disarm --all`: everything is paged, whatever the services' modes say. */
  disarmed: z.strictObject({ why: z.string(), who: z.string(), at: z.number() }).nullable(),
  services: z.record(z.string(), z.strictObject({ mode })),
});

export type Settings = z.infer<typeof settingsDocument>;

/** What holds until somebody decides otherwise: listen only. */
export const defaultSettings: Settings = { schema: SETTINGS_SCHEMA, disarmed: null, services: {} };

export const modeOf = (settings: Settings, service: string): Mode =>
  settings.services[service]?.mode ?? "shadow";
