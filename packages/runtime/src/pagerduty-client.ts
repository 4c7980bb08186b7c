import { createPagerDuty, type PagerDuty } from "@mrdata/pagerduty";
import type { BuildContext } from "./build-context.ts";

/** The one client of PagerDuty with what is configured; `token` is asked for at every call, for it may be rotated. */
export const pagerDutyOf = (
  { environment, clock, fetch }: Pick<BuildContext, "environment" | "clock" | "fetch">,
  token: () => Promise<string | null>,
): PagerDuty =>
  createPagerDuty({
    auth: {
      kind: "token",
      token: async () => {
        const text = (await token())?.trim();
        if (!text) throw new Error("no PagerDuty token is configured");
        return text;
      },
    },
    from: environment.MRDATA_FROM,
    ...(environment.MRDATA_PAGERDUTY_URL === null ? {} : { baseUrl: environment.MRDATA_PAGERDUTY_URL }),
    clock,
    ...(fetch === undefined ? {} : { fetch }),
  });
