import type { RestService } from "@mrdata/pagerduty";
import type { Settings } from "@mrdata/platform";
import type { Post } from "./check-ports.ts";

/**
 * Every armed service with the policy that it was armed under; where that was never said, with the one that it uses.
 * A service that cannot be read keeps its place: the checks name it.
 */
export async function postsOf(
  settings: Settings,
  read: (service: string) => Promise<Pick<RestService, "policyId">>,
): Promise<readonly Post[]> {
  const armed = Object.entries(settings.services).filter(([, { mode }]) => mode === "armed");
  return Promise.all(
    armed.map(async ([service]) => {
      const policy = await read(service).then(
        ({ policyId }) => policyId,
        () => null,
      );
      return { service, policy: policy ?? "(none)" };
    }),
  );
}
