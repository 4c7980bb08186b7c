import { type Ledger, type Settings, UnreadableDocumentError } from "@mrdata/platform";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { sayUnreadable } from "./telling.ts";

/** Null where what is stored cannot be read, which is said; for what can be told without the settings all the same. */
export async function settingsOrNull(ledger: Pick<Ledger, "settings">): Promise<Settings | null> {
  try {
    return await ledger.settings();
  } catch (error) {
    if (!(error instanceof UnreadableDocumentError)) throw error;
    sayUnreadable(error);
    return null;
  }
}

/** Does what needs the settings; where they cannot be read, whoever asked is told first what that means: nothing is held. */
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
