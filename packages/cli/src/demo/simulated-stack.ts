import { type LocalStack, startLocalStack } from "@mrdata/functions";
import { defaultSettings, type Settings, withMode } from "@mrdata/platform";
import {
  type DeliverRequest,
  type DiscreteClock,
  type Organisation,
  type PagerDutyDouble,
  whileHeld,
} from "@mrdata/simulator";

export type SimulatedStackOptions = {
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  readonly organisation: Organisation;
  readonly pagerduty: PagerDutyDouble;
  readonly clock: DiscreteClock;
  readonly token: string;
  /** The hold window, as a duration like `5m`. */
  readonly window: string;
  /** False to simulate a bot that is entirely down. */
  readonly sweeps?: boolean;
};

/** Starts the ordinary local stack on the simulation's clock, against the simulated PagerDuty over HTTP. */
export async function startSimulatedStack(options: SimulatedStackOptions): Promise<{
  readonly stack: LocalStack;
  /** Delivers a webhook to `receive` over HTTP and waits until all its effects are complete. */
  readonly receive: DeliverRequest;
  close(): Promise<void>;
}> {
  const { home, env, organisation, pagerduty, clock, token, window } = options;
  const rest = await pagerduty.listen();
  const stack = await startLocalStack({
    home,
    port: 0,
    clock,
    log: () => {},
    // Sweep is driven by the clock rather than by a webhook: time must stand still during its requests.
    fetch: (url, request) => whileHeld(clock, () => fetch(url, request)),
    sweeps: options.sweeps ?? true,
    // The simulated account is safe by construction, and the checks expect a real one's subscriptions.
    checks: false,
    // The simulated clock would outrun a training.
    learns: false,
    env: {
      ...env,
      MRDATA_WINDOW: window,
      MRDATA_PAGERDUTY_URL: rest.url,
      MRDATA_PAGERDUTY_TOKEN: token,
      MRDATA_BOT_USER: organisation.bot.id,
      MRDATA_FROM: organisation.bot.email,
      MRDATA_FALLBACK_POLICY: organisation.fallbackPolicy,
    },
  });
  return {
    stack,
    receive: ({ headers, body }) =>
      whileHeld(clock, async () => {
        const answer = await fetch(stack.webhookUrl, { method: "POST", headers, body });
        await stack.bus.idle({ ignoreRetries: true });
        return answer;
      }),
    async close() {
      await stack.close();
      await rest.close();
    },
  };
}

/** Settings with every service armed under its current policy. */
export const armedEverywhere = ({ account }: Organisation): Settings =>
  account.services.reduce<Settings>(
    (settings, { id, policyId }) =>
      withMode(
        settings,
        id,
        { mode: "armed", policy: policyId },
        { who: "the simulation", at: 0, why: "to be seen at work" },
      ),
    defaultSettings,
  );
