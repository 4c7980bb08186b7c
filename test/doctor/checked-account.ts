import type { Check } from "@mrdata/doctor";
import {
  type CheckOptions,
  type CheckPorts,
  defaultLimits,
  runChecks,
  verifiedModelCards,
} from "@mrdata/doctor";
import { createPagerDuty, type PagerDuty, type RestSubscription } from "@mrdata/pagerduty";
import type { ModelStore } from "@mrdata/platform";
import type { PolicyRule } from "@mrdata/simulator";
import { createSimulation, type Simulation, TOKEN } from "../simulation/simulated-bot.ts";
import {
  ALEX,
  ARMED_POLICY,
  BOT,
  FALLBACK_POLICY,
  ROBIN,
  SERVICE,
  smallAccount,
} from "../simulation/small-account.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const START = Date.parse("2026-03-02T03:00:00Z");
export const PRIMARY = "PPRIMARY";
const READER = "token-that-may-only-read";
const URL = "http://function/receive";

const user = (id: string) => ({ type: "user", id }) as const;

/** The bot, and behind it whoever is on call by the primary schedule. */
export const rules = (
  minutes: number,
  levelTwo: PolicyRule["targets"] = [{ type: "schedule", id: PRIMARY }],
) => [
  { delayMinutes: minutes, targets: [user(BOT.id)] },
  { delayMinutes: 15, targets: levelTwo },
];

/** Answers in PagerDuty's place, or asks it. */
export type Through = (url: string, ask: () => Promise<Response>) => Promise<Response>;

/** One armed service with all that has to hold, and hands to break it with. */
export type CheckedAccount = Simulation & {
  readonly client: PagerDuty;
  /** Sets the armed policy. */
  arm(policyRules: readonly PolicyRule[]): void;
  subscription(): Promise<RestSubscription>;
  /** `through` stands between the checks and PagerDuty. */
  checks(change?: Partial<CheckOptions>, through?: Through): Promise<readonly Check[]>;
  /** Runs the clock until the work is done. */
  during<T>(work: Promise<T>): Promise<T>;
};

export async function checkedAccount({
  models,
  readOnly = false,
  skew = 0,
  fallbackPolicy = FALLBACK_POLICY,
  history = null,
}: {
  readonly history?: CheckPorts["history"];
  readonly fallbackPolicy?: string | null;
  readonly models: ModelStore;
  readonly readOnly?: boolean;
  /** The bot's own clock, ahead of the world's. */
  readonly skew?: number;
}): Promise<CheckedAccount> {
  const simulation = await createSimulation({
    account: smallAccount({
      schedules: [{ id: PRIMARY, name: "Primary", onCall: () => [ROBIN] }],
      restTokens: [
        { token: TOKEN, scopes: "full" },
        { token: READER, scopes: "read" },
      ],
    }),
    bot: BOT,
    fallbackPolicy,
    start: START,
    skew,
    checks: true,
    models,
  });
  const { clock, pagerduty, ledger, bus } = simulation;
  await ledger.promote("v1");
  const clientThrough = (through: Through): PagerDuty =>
    createPagerDuty({
      auth: { kind: "token", token: async () => (readOnly ? READER : TOKEN) },
      from: BOT.email,
      clock: { ...clock, now: () => clock.now() + skew },
      fetch: (url, request) => through(url, () => pagerduty.fetch(url, request)),
    });
  const client = clientThrough((_, ask) => ask());
  const arm = (policyRules: readonly PolicyRule[]): void =>
    pagerduty.setPolicy({ id: ARMED_POLICY, name: "Database, Mr Data first", repeat: 1, rules: policyRules });
  arm(rules(5));

  async function during<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const settled = work.finally(() => {
      done = true;
    });
    settled.catch(() => {});
    clock.schedule(clock.now() + HOUR, () => {});
    await clock.run(() => done);
    return settled;
  }
  const options: CheckOptions = {
    armed: [{ service: SERVICE, policy: ARMED_POLICY }],
    bot: BOT.id,
    automations: [],
    from: BOT.email,
    windowMs: 5 * MINUTE,
    maxModelAge: 90 * DAY,
    fallbackPolicy: FALLBACK_POLICY,
    webhookUrl: URL,
    ...defaultLimits,
  };
  return {
    ...simulation,
    client,
    arm,
    during,
    async subscription() {
      for await (const one of client.listSubscriptions()) return one;
      throw new Error("no subscription");
    },
    checks: (change = {}, through = undefined) =>
      during(
        runChecks(
          {
            pagerduty: through === undefined ? client : clientThrough(through),
            ledger,
            cardOf: verifiedModelCards(models, clock),
            clock: { ...clock, now: () => clock.now() + skew },
            deadLetters: async () =>
              bus.deadLetters.map((letter, i) => ({
                ...letter,
                messageId: String(i),
                source: letter.attributes.source ?? "record",
                publishedAt: clock.now(),
              })),
            budget: null,
            history,
            probe: null,
          },
          { ...options, ...change },
        ),
      ),
  };
}

export { ALEX, ARMED_POLICY, BOT, ROBIN, SERVICE };
