import { createPagerDuty, type PagerDuty } from "@mrdata/pagerduty";
import type { Handler } from "../answer.ts";
import { createChampion } from "../champion.ts";
import { createRespond, respondManifest } from "../respond.ts";
import { type BuildContext, identityOf } from "./build-context.ts";
import { portsFor } from "./needs.ts";

export async function buildRespond(context: BuildContext): Promise<Handler> {
  const { environment, backend, clock, log } = context;
  const { bus, ledger, secrets, models } = await portsFor(respondManifest, backend);
  const window = environment.MRDATA_WINDOW;
  const maxAge = environment.MRDATA_MODEL_MAX_AGE;
  const champion = createChampion({ ledger, models, clock, log }, { window, maxAge });
  const ports = { bus, ledger, clock, log, champion };
  const options = {
    identity: identityOf(environment),
    window,
    fallbackPolicy: environment.MRDATA_FALLBACK_POLICY,
  };
  const withoutPager = createRespond({ ...ports, pager: null }, options);
  const tokenNow = async () => secrets.get("pagerduty-token");
  const withPager = createRespond({ ...ports, pager: pagerOf(context, tokenNow) }, options);
  // The token may be set, or taken away, while the function runs.
  return async (request) => ((await tokenNow().catch(() => null)) ? withPager : withoutPager)(request);
}

function pagerOf({ environment, clock, fetch }: BuildContext, read: () => Promise<string | null>): PagerDuty {
  return createPagerDuty({
    auth: {
      kind: "token",
      token: async () => {
        const token = (await read())?.trim();
        if (!token) throw new Error("no PagerDuty token is configured");
        return token;
      },
    },
    from: environment.MRDATA_FROM,
    ...(environment.MRDATA_PAGERDUTY_URL === null ? {} : { baseUrl: environment.MRDATA_PAGERDUTY_URL }),
    clock,
    ...(fetch === undefined ? {} : { fetch }),
  });
}
