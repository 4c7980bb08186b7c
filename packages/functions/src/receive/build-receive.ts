import type { Handler } from "../answer.ts";
import type { BuildContext } from "../host/build-context.ts";
import { portsFor } from "../host/needs.ts";
import { createReceive, receiveManifest } from "./receive.ts";

export async function buildReceive({ backend, log }: BuildContext): Promise<Handler> {
  const { bus, secrets } = await portsFor(receiveManifest, backend, log);
  return createReceive({ bus, secrets, log });
}
