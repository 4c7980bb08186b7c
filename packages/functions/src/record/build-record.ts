import type { Handler } from "@mrdata/runtime";
import { type BuildContext, identityOf, portsFor } from "@mrdata/runtime";
import { createRecord, recordManifest } from "./record.ts";

export async function buildRecord({ environment, backend, clock, log }: BuildContext): Promise<Handler> {
  const { bus, ledger } = await portsFor(recordManifest, backend, log);
  return createRecord({ bus, ledger, clock, log }, identityOf(environment), {
    windowMs: environment.MRDATA_WINDOW,
  });
}
