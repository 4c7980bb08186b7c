import { type Ledger, type Settings, UnreadableDocumentError } from "@mrdata/platform";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { warnUnreadable } from "./warnings.ts";

/** Null, with a message, if the settings cannot be read; for commands that can do without them. */
export async function settingsOrNull(ledger: Pick<Ledger, "settings">): Promise<Settings | null> {
  try {
    return await ledger.settings();
  } catch (error) {
    if (!(error instanceof UnreadableDocumentError)) throw error;
    warnUnreadable(error);
    return null;
  }
}

/** Runs work that needs the settings. If they cannot be read, throws a CommandError that first states the consequence: everything is paged. */
export async function withReadableSettings<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UnreadableDocumentError)) throw error;
    throw new CommandError(
      `the settings cannot be read, so everything is paged at once: ${error.message}`,
      exitCodes.unhealthy,
    );
  }
}
