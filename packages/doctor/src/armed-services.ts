import { armedServices, type Settings } from "@mrdata/platform";
import type { ArmedService } from "./check-ports.ts";

/** Services that were armed once and are not now: the bot may still be on their policies, where it pages at once. */
export const previouslyArmedOf = (settings: Settings): readonly ArmedService[] => {
  const armed = armedServices(settings);
  return Object.entries(settings.services).flatMap(([service, { policy }]) =>
    policy === null || armed.includes(service) ? [] : [{ service, policy }],
  );
};

/** Every armed service with the policy that it was armed under. */
export const armedWithPolicies = (settings: Settings): readonly ArmedService[] =>
  armedServices(settings).flatMap((service) => {
    const policy = settings.services[service]?.policy ?? null;
    return policy === null ? [] : [{ service, policy }];
  });
