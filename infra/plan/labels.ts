import type { Settings } from "../settings/settings.ts";

/** The labels of every resource: the settings' own, and whose it is. */
export const labelsOf = (settings: Settings, stack: string): Readonly<Record<string, string>> => ({
  ...settings.labels,
  app: "mrdata",
  stack: stack
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, "-")
    .slice(0, 63),
});
