import { checkArmed, verifiedModelCards } from "@mrdata/doctor";
import type { Handler } from "@mrdata/runtime";
import {
  type BuildContext,
  deploymentNote,
  identityOf,
  pagerByToken,
  pagerDutyOf,
  portsFor,
  reasonOf,
} from "@mrdata/runtime";
import { budgetCheck } from "./budget-check.ts";
import { createSweep, type SweepPorts, sweepManifest } from "./sweep.ts";

/** An unanswered check is repeated within minutes, and until then the calls are better left to pages. */
const CHECK_LIMITS = { attempts: 2 };

export async function buildSweep(context: BuildContext): Promise<Handler> {
  const { environment, backend, clock, log } = context;
  const { ledger, secrets, models } = await portsFor(sweepManifest, backend, log);
  const token = async () => secrets.get("pagerduty-token");
  const pagerduty = pagerDutyOf(context, token);
  const options = {
    identity: identityOf(environment),
    windowMs: environment.MRDATA_WINDOW,
    fallbackPolicy: environment.MRDATA_FALLBACK_POLICY,
  };
  const ports = { ledger, clock, log };
  const cardOf = verifiedModelCards(models, clock);
  const checksBy = (by: typeof pagerduty | null): SweepPorts["checks"] =>
    context.checks === false
      ? null
      : (settings) =>
          checkArmed(
            { pagerduty: by, ledger, cardOf, clock, budget: () => budgetCheck(ledger, clock.now()) },
            settings,
            environment,
          );
  const without = createSweep({ ...ports, pagerduty: null, checks: checksBy(null) }, options);
  const sweep = createSweep(
    { ...ports, pagerduty, checks: checksBy(pagerDutyOf(context, token, CHECK_LIMITS)) },
    options,
  );
  const current = pagerByToken({ secrets, log }, { withPager: sweep, without });
  const note = deploymentNote(ledger, environment, () => clock.now());
  return async (request) => {
    const swept = await current(request);
    // Last: a ledger that refuses writes must not keep anybody from being paged.
    await note().catch((error: unknown) => {
      log({ severity: "WARNING", event: "deployment.unnoted", reason: reasonOf(error) });
    });
    return swept;
  };
}
