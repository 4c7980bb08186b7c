import { createPagerDuty, type PagerDuty } from "@mrdata/pagerduty";
import { ratePredictor } from "@mrdata/responder";
import type { Handler } from "../answer.ts";
import { createRespond, respondManifest } from "../respond.ts";
import { type BuildContext, identityOf } from "./build-context.ts";
import { portsFor } from "./needs.ts";

export async function buildRespond(context: BuildContext): Promise<Handler> {
  const { environment, backend, clock, log } = context;
  const { bus, ledger, secrets } = await portsFor(respondManifest, backend);
  const window = environment.MRDATA_WINDOW;
  const ports = { bus, ledger, clock, log, predictor: ratePredictor(window) };
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
