import type { Log, SetAside } from "@mrdata/platform";

/** Logs an unreadable document: its path and the field, never the field's value. */
export const logUnreadable =
  (log: Log): SetAside =>
  ({ message }) =>
    log({ severity: "ERROR", event: "document.unreadable", reason: message });
