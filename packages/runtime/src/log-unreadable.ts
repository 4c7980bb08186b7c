import type { Log, SetAside } from "@mrdata/platform";

/** Names in the log what cannot be read: the document and the field, never the field's value. */
export const logUnreadable =
  (log: Log): SetAside =>
  ({ message }) =>
    log({ severity: "ERROR", event: "document.unreadable", reason: message });
