import { type ClientOptions, createPagerDuty, type PagerDuty } from "@mrdata/pagerduty";
import type { BuildContext } from "./build-context.ts";

/**
 * The configured PagerDuty client; `token` is read at every call, because it may be rotated. `attempts`:
 * tries per call, if not the client's default.
 */
export const pagerDutyOf = (
  { environment, clock, fetch }: Pick<BuildContext, "environment" | "clock" | "fetch">,
  token: () => Promise<string | null>,
  { attempts }: Pick<ClientOptions, "attempts"> = {},
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
    ...(attempts === undefined ? {} : { attempts }),
    ...(fetch === undefined ? {} : { fetch }),
  });
