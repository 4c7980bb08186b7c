import { createPagerDuty, type Identity, type PagerDuty } from "@mrdata/pagerduty";
import type { Clock, Log } from "@mrdata/platform";
import { ratePredictor } from "@mrdata/responder";
import type { Handler } from "../answer.ts";
import { createReceive, receiveManifest } from "../receive.ts";
import { createRecord, recordManifest } from "../record.ts";
import { createRespond, respondManifest } from "../respond.ts";
import type { Backend } from "./backend.ts";
import type { Environment } from "./environment.ts";
import { portsFor } from "./needs.ts";

export type BuildContext = {
  readonly environment: Environment;
  readonly backend: Backend;
  readonly clock: Clock;
  readonly log: Log;
  /** In place of the network, where PagerDuty is simulated in the same process. */
  readonly fetch?: typeof fetch;
};

const identityOf = (environment: Environment): Identity => ({
  botUser: environment.MRDATA_BOT_USER,
  automationUsers: environment.MRDATA_AUTOMATION_USERS,
});

export async function buildReceive({ backend, clock, log }: BuildContext): Promise<Handler> {
  const { bus, secrets } = await portsFor(receiveManifest, backend);
  return createReceive({ bus, secrets, clock, log });
}

export async function buildRecord({ environment, backend, clock, log }: BuildContext): Promise<Handler> {
  const { bus, ledger } = await portsFor(recordManifest, backend);
  return createRecord({ bus, ledger, clock, log }, identityOf(environment), {
    window: environment.MRDATA_WINDOW,
  });
}

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
  const withPager = createRespond(
    { ...ports, pager: pagerOf(context, () => secrets.get("pagerduty-token")) },
    options,
  );
  // The token may be set, or taken away, while the function runs.
  return async (request) =>
    ((await secrets.get("pagerduty-token").catch(() => null)) ? withPager : withoutPager)(request);
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
