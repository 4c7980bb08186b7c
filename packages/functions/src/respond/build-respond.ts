import type { Handler } from "@mrdata/runtime";
import { type BuildContext, identityOf, pagerByToken, pagerDutyOf, portsFor } from "@mrdata/runtime";
import { createChallenger } from "./challenger.ts";
import { createChampion } from "./champion.ts";
import { createQueryEndpoint } from "./query-endpoint.ts";
import { createRespond, respondManifest } from "./respond.ts";

export async function buildRespond(context: BuildContext): Promise<Handler> {
  const { environment, backend, clock, log } = context;
  const { bus, ledger, secrets, models, endpoint } = await portsFor(respondManifest, backend, log);
  const windowMs = environment.MRDATA_WINDOW;
  const maxAgeMs = environment.MRDATA_MODEL_MAX_AGE;
  const champion = createChampion({ ledger, models, clock, log }, { windowMs, maxAgeMs });
  const challenger = createChallenger({ ledger, models, clock, log }, { windowMs });
  const queryEndpoint = createQueryEndpoint({ endpoint, log });
  const ports = { bus, ledger, clock, log, champion, challenger, queryEndpoint };
  const options = {
    identity: identityOf(environment),
    windowMs,
    fallbackPolicy: environment.MRDATA_FALLBACK_POLICY,
    checks: context.checks !== false,
  };
  const withoutPager = createRespond({ ...ports, pagerduty: null }, options);
  const tokenNow = async () => secrets.get("pagerduty-token");
  const withPager = createRespond({ ...ports, pagerduty: pagerDutyOf(context, tokenNow) }, options);
  return pagerByToken({ secrets, log }, { withPager, without: withoutPager });
}
