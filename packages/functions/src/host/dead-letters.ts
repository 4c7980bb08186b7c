import { existsSync } from "node:fs";
import type { Clock, DeadLetter, Ledger } from "@mrdata/platform";
import { localFiles } from "./openers.ts";
import type { Target } from "./target.ts";

/** Reads the dead letters that wait, newest first, and leaves them where they are. */
export async function readDeadLettersOf(
  target: Target,
  { clock, ledger }: { readonly clock: Clock; readonly ledger: Pick<Ledger, "failure"> },
): Promise<readonly DeadLetter[]> {
  if (target.kind === "local") {
    const { bus: file } = localFiles(target.directory);
    if (!existsSync(file)) return [];
    const { openEmbeddedPublisher } = await import("@mrdata/platform/embedded");
    const bus = openEmbeddedPublisher({ file, clock });
    try {
      return await bus.deadLetters();
    } finally {
      await bus.close();
    }
  }
  const { openGoogleBus } = await import("@mrdata/platform/google/bus");
  const bus = openGoogleBus({
    project: target.project,
    reasonOf: async (messageId) => (await ledger.failure(messageId))?.reason ?? null,
  });
  try {
    return await bus.deadLetters();
  } finally {
    await bus.close();
  }
}
