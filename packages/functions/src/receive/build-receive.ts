import type { BuildContext, Handler } from "@mrdata/runtime";
import { portsFor } from "@mrdata/runtime";
import { createReceive, receiveManifest } from "./receive.ts";

export async function buildReceive({ backend, log }: BuildContext): Promise<Handler> {
  const { bus, secrets } = await portsFor(receiveManifest, backend, log);
  return createReceive({ bus, secrets, log });
}
