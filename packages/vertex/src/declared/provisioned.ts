import { durationMs } from "@mrdata/base";
import { realClock, type VertexClock } from "../retry.ts";

/** How long a call is retried, milliseconds, and by which clock. */
export type Patience = { readonly lasting: number; readonly clock: VertexClock };

export const NO_PATIENCE: Patience = { lasting: 0, clock: realClock };

/** The longest interval between retries, milliseconds. */
const RETRY_INTERVAL_MS = 20_000;

/** Reads a setting like `90s`, `10m` or `1h`; anything else means no patience. */
export function patienceOf(text: string, clock: VertexClock = realClock): Patience {
  return { lasting: durationMs(text) ?? 0, clock };
}

/**
 * The result of `upload`, retried while Google's service agents "are being provisioned", which takes a few minutes in a
 * project that never used Vertex AI (https://cloud.google.com/vertex-ai/docs/general/access-control#service-agents). Any
 * other error is thrown immediately, and this one after `patience`.
 */
export async function onceProvisioned<T>(upload: () => Promise<T>, { lasting, clock }: Patience): Promise<T> {
  const until = clock.now() + lasting;
  for (;;) {
    try {
      return await upload();
    } catch (error) {
      if (!isProvisioning(error) || clock.now() >= until) throw error;
      await clock.sleep(Math.min(RETRY_INTERVAL_MS, lasting / 30));
    }
  }
}

const isProvisioning = (error: unknown): boolean =>
  error instanceof Error && /service agents? .*being provisioned/i.test(error.message);
