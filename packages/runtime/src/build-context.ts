import type { Identity, Send } from "@mrdata/pagerduty";
import type { Clock, Log } from "@mrdata/platform";
import type { SomeBackend } from "./backend.ts";
import type { Environment } from "./environment.ts";

/** What a function is built from. */
export type BuildContext = {
  readonly environment: Environment;
  readonly backend: SomeBackend;
  readonly clock: Clock;
  readonly log: Log;
  /** In place of the network, where PagerDuty is simulated in the same process. */
  readonly fetch?: Send;
  /**
   * Whether the sweep runs the checks of armed services; it does if left out, and where they are not answered nothing is held.
   * False says that there are none, and that nobody waits for them.
   */
  readonly checks?: boolean;
};

export const identityOf = (environment: Environment): Identity => ({
  botUser: environment.MRDATA_BOT_USER,
  automationUsers: environment.MRDATA_AUTOMATION_USERS,
});
