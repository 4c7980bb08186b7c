import type { BuildContext, Handler } from "@mrdata/runtime";
import { portsFor } from "@mrdata/runtime";
import { createRetrain, retrainManifest } from "./retrain.ts";

export async function buildRetrain({ environment, backend, clock, log }: BuildContext): Promise<Handler> {
  const { bus, ledger, models, history } = await portsFor(retrainManifest, backend, log);
  return createRetrain(
    { bus, ledger, models, history, clock, log },
    { windowMs: environment.MRDATA_WINDOW, every: environment.MRDATA_RETRAIN },
  );
}
