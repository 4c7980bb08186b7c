import type { Handler } from "../answer.ts";
import { budgetCheck } from "../budget.ts";
import { postsOf, runChecks, usualReach } from "../checks/index.ts";
import { createSweep, sweepManifest } from "../sweep.ts";
import type { BuildContext } from "./build-context.ts";
import { portsFor } from "./needs.ts";
import { pagerDutyOf } from "./pagerduty-client.ts";

export async function buildSweep(context: BuildContext): Promise<Handler> {
  const { environment, backend, clock, log } = context;
  const { ledger, secrets, models } = await portsFor(sweepManifest, backend);
  const token = async () => secrets.get("pagerduty-token");
  const pagerduty = pagerDutyOf(context, token);
  const options = { bot: environment.MRDATA_BOT_USER, fallbackPolicy: environment.MRDATA_FALLBACK_POLICY };
  const ports = { ledger, clock, log };
  const without = createSweep({ ...ports, pager: null, checks: null }, options);
  const sweep = createSweep(
    {
      ...ports,
      pager: pagerduty,
      checks:
        context.checks === false
          ? null
          : async (settings) =>
              runChecks(
                {
                  pagerduty,
                  ledger,
                  models,
                  clock,
                  // Nobody but the operator may read them; an alert policy watches over them.
                  deadLetters: null,
                  budget: () => budgetCheck(ledger, clock.now()),
                  probe: null,
                },
                {
                  posts: postsOf(settings),
                  bot: environment.MRDATA_BOT_USER,
                  automations: environment.MRDATA_AUTOMATION_USERS,
                  from: environment.MRDATA_FROM,
                  window: environment.MRDATA_WINDOW,
                  maxModelAge: environment.MRDATA_MODEL_MAX_AGE,
                  fallbackPolicy: settings.fallbackPolicy ?? environment.MRDATA_FALLBACK_POLICY,
                  webhookUrl: environment.MRDATA_WEBHOOK_URL,
                  ...usualReach,
                },
              ),
    },
    options,
  );
  // The token may be set, or taken away, while the function runs.
  return async (request) => ((await token().catch(() => null)) ? sweep : without)(request);
}
