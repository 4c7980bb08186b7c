import type { Handler } from "@mrdata/runtime";
import { type BuildContext, identityOf, pagerByToken, pagerDutyOf, portsFor } from "@mrdata/runtime";
import { createAskEndpoint } from "./ask-endpoint.ts";
import { createChallenger } from "./challenger.ts";
import { createChampion } from "./champion.ts";
import { createRespond, respondManifest } from "./respond.ts";

export async function buildRespond(context: BuildContext): Promise<Handler> {
  const { environment, backend, clock, log } = context;
  const { bus, ledger, secrets, models, endpoint } = await portsFor(respondManifest, backend, log);
  const window = environment.MRDATA_WINDOW;
  const maxAge = environment.MRDATA_MODEL_MAX_AGE;
  const champion = createChampion({ ledger, models, clock, log }, { window, maxAge });
  const challenger = createChallenger({ ledger, models, clock, log }, { window });
  const askEndpoint = createAskEndpoint({ endpoint, log });
  const ports = { bus, ledger, clock, log, champion, challenger, askEndpoint };
  const options = {
    identity: identityOf(environment),
    window,
    fallbackPolicy: environment.MRDATA_FALLBACK_POLICY,
    checks: context.checks !== false,
  };
  const withoutPager = createRespond({ ...ports, pagerduty: null }, options);
  const tokenNow = async () => secrets.get("pagerduty-token");
  const withPager = createRespond({ ...ports, pagerduty: pagerDutyOf(context, tokenNow) }, options);
  return pagerByToken({ secrets, log }, { withPager, without: withoutPager });
}
