import type { Identity, Send } from "@mrdata/pagerduty";
import type { Clock, Log } from "@mrdata/platform";
import type { SomeBackend } from "./backend.ts";
import type { Environment } from "./environment.ts";

/** The dependencies that a function is built from. */
export type BuildContext = {
  readonly environment: Environment;
  readonly backend: SomeBackend;
  readonly clock: Clock;
  readonly log: Log;
  /** Replaces the network if PagerDuty is simulated in the same process. */
  readonly fetch?: Send;
  /**
   * Whether the sweep runs the checks of armed services; true if absent, and then nothing is held while they are unanswered.
   * False means that there are no checks, and nothing depends on them.
   */
  readonly checks?: boolean;
};

export const identityOf = (environment: Environment): Identity => ({
  botUser: environment.MRDATA_BOT_USER,
  automationUsers: environment.MRDATA_AUTOMATION_USERS,
});
