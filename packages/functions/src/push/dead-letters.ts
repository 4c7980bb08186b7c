import type { Bus, BusAdmin, Clock, Ledger } from "@mrdata/platform";
import type { Target } from "@mrdata/runtime";
import { localFiles } from "@mrdata/runtime";
import { failureOf, functionOf } from "./failure-of.ts";

export type DeadLetterBus = Bus & Omit<BusAdmin, "seek"> & { close(): Promise<void> };

/** The bus of a target with its dead letters, which no function may read. */
export async function openDeadLetters(
  target: Target,
  {
    clock,
    ledger,
    suffix = "",
  }: { readonly clock: Clock; readonly ledger: Pick<Ledger, "failure">; readonly suffix?: string },
): Promise<DeadLetterBus> {
  if (target.kind === "local") {
    const { openEmbeddedPublisher } = await import("@mrdata/platform/embedded");
    return openEmbeddedPublisher({ file: localFiles(target.directory).bus, clock });
  }
  const { openGoogleBus } = await import("@mrdata/platform/google/bus");
  return openGoogleBus({
    project: target.project,
    suffix,
    async reasonOf(messageId, attributes) {
      const name = functionOf(attributes.CloudPubSubDeadLetterSourceSubscription, suffix);
      if (name === null) return null;
      return (await ledger.failure(failureOf(name, { attributes, messageId })))?.reason ?? null;
    },
  });
}
