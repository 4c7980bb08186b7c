import { armedServices, type Settings } from "@mrdata/platform";
import type { Post } from "./check-ports.ts";

/** Every armed service with the policy that it was armed under. */
export const postsOf = (settings: Settings): readonly Post[] =>
  armedServices(settings).flatMap((service) => {
    const policy = settings.services[service]?.policy ?? null;
    return policy === null ? [] : [{ service, policy }];
  });
