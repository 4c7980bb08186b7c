import type { Clock, Ledger, Log, Secrets } from "@mrdata/platform";
import { digestOf, digestSlack } from "@mrdata/report";
import { answer, type Handler, noContent, readEnvironment, reasonOf } from "@mrdata/runtime";
import { type ReportLedger, readReport } from "../report/read-report.ts";
import { DigestUnsentError, postDigest, type SendDigest } from "./post-digest.ts";

export { digestManifest } from "./manifest.ts";

export type DigestPorts = {
  readonly ledger: ReportLedger & Pick<Ledger, "deployment">;
  readonly secrets: Secrets;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
  readonly send?: SendDigest;
};

const WEEK_MS = 7 * 86_400_000;

/** Posts the week to the digest's webhook; does nothing where none is set. Called twice, it posts twice. */
export function createDigest(
  { ledger, secrets, clock, log, send }: DigestPorts,
  { windowMs, timeZone }: { readonly windowMs: number; readonly timeZone: string | null },
): Handler {
  async function post(address: string): Promise<void> {
    const deployment = await ledger.deployment();
    const { MRDATA_RETRAIN: retrain } = readEnvironment({
      MRDATA_RETRAIN: deployment?.environment.MRDATA_RETRAIN,
      MRDATA_TARGET: "local:.",
    });
    const data = await readReport(ledger, { now: clock.now(), spanMs: WEEK_MS, timeZone, windowMs, retrain });
    await postDigest(address, digestSlack(digestOf(data)), send);
  }

  return async ({ method }) => {
    if (method !== "POST") return answer(405, { error: "the digest is sent with POST" });
    try {
      const address = (await secrets.get("digest-webhook"))?.trim() || null;
      if (address !== null) await post(address);
      log({ severity: "INFO", event: "digest.done", posted: address !== null });
      return noContent;
    } catch (error) {
      // The message of a DigestUnsentError never contains the address.
      const reason = error instanceof DigestUnsentError ? error.message : reasonOf(error);
      log({ severity: "ERROR", event: "digest.unsent", reason });
      return answer(503, { error: "the digest was not sent: see the function's log" });
    }
  };
}
