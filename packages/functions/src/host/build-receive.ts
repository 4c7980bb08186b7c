import type { Handler } from "../answer.ts";
import { createReceive, receiveManifest } from "../receive.ts";
import type { BuildContext } from "./build-context.ts";
import { portsFor } from "./needs.ts";

export async function buildReceive({ backend, log }: BuildContext): Promise<Handler> {
  const { bus, secrets } = await portsFor(receiveManifest, backend, log);
  return createReceive({ bus, secrets, log });
}
