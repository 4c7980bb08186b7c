import { type BuildContext, type Handler, portsFor } from "@mrdata/runtime";
import { createDigest, digestManifest } from "./digest.ts";

export async function buildDigest({
  environment,
  backend,
  clock,
  log,
  fetch,
}: BuildContext): Promise<Handler> {
  const { ledger, secrets } = await portsFor(digestManifest, backend, log);
  return createDigest(
    { ledger, secrets, clock, log, ...(fetch === undefined ? {} : { send: fetch }) },
    { windowMs: environment.MRDATA_WINDOW, timeZone: environment.MRDATA_TIME_ZONE },
  );
}
