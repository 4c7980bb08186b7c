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
  /** The hold window, as a duration. */
  readonly window: string;
  /** False for a bot that is dead altogether. */
  readonly sweeps?: boolean;
};

/** The local stack as it runs anywhere, but on the simulation's clock and with the simulated PagerDuty, over HTTP. */
export async function startSimulatedStack(options: SimulatedStackOptions): Promise<{
  readonly stack: LocalStack;
  /** Brings a webhook to `receive` over HTTP and waits until everything that follows from it is done. */
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
    // The sweep comes by the clock and not by a webhook: time must wait for its answers.
    fetch: (url, request) => whileHeld(clock, () => fetch(url, request)),
    sweeps: options.sweeps ?? true,
    // The made-up account is safe by construction, and the checks ask for subscriptions of a real one.
    checks: false,
    // Its clock runs ahead of whatever takes long.
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

/** Every service armed, on the policy that it has. */
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
