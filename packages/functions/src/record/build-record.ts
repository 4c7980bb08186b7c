import type { Handler } from "../answer.ts";
import { type BuildContext, identityOf } from "../host/build-context.ts";
import { portsFor } from "../host/needs.ts";
import { createRecord, recordManifest } from "./record.ts";

export async function buildRecord({ environment, backend, clock, log }: BuildContext): Promise<Handler> {
  const { bus, ledger } = await portsFor(recordManifest, backend, log);
  return createRecord({ bus, ledger, clock, log }, identityOf(environment), {
    window: environment.MRDATA_WINDOW,
  });
}
