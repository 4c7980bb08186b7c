import { UnreadableDocumentError } from "@mrdata/platform";
import { CommandError, exitCodes } from "./exit-codes.ts";

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
