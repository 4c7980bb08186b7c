import type { Handler } from "../answer.ts";
import { budgetCheck } from "../budget.ts";
import { checkArmed } from "../checks/index.ts";
import { reasonOf } from "../pushed.ts";
import { createSweep, sweepManifest } from "../sweep.ts";
import type { BuildContext } from "./build-context.ts";
import { deploymentNote } from "./deployment.ts";
import { portsFor } from "./needs.ts";
import { pagerDutyOf } from "./pagerduty-client.ts";

export async function buildSweep(context: BuildContext): Promise<Handler> {
  const { environment, backend, clock, log } = context;
  const { ledger, secrets, models } = await portsFor(sweepManifest, backend, log);
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
          : (settings) =>
              checkArmed(
                { pagerduty, ledger, models, clock, budget: () => budgetCheck(ledger, clock.now()) },
                settings,
                environment,
              ),
    },
    options,
  );
  const note = deploymentNote(ledger, environment, () => clock.now());
  return async (request) => {
    await note().catch((error: unknown) => {
      log({ severity: "WARNING", event: "deployment.unnoted", reason: reasonOf(error) });
    });
    // The token may be set, or taken away, while the function runs.
    return ((await token().catch(() => null)) ? sweep : without)(request);
  };
}
