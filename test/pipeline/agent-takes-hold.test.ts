import type { Ledger } from "@mrdata/platform";
import { expect, test } from "vitest";
import { armed, MINUTE, raise, SECOND, simulateAfterHistory, WINDOW } from "../simulation/armed-service.ts";
import type { Simulation } from "../simulation/simulated-bot.ts";
import { BOT, FALLBACK_POLICY, smallAccount } from "../simulation/small-account.ts";

const AGENT = "PSRE";
const ONE = "/incidents/:id";

const failing =
  (method: string, path: string, kind: "500" | "403") =>
  ({ pagerduty }: Simulation): unknown =>
    pagerduty.faults.add({ kind, probability: 1, endpoint: { method, path } });

let isLedgerDown = false;

type Act = (simulation: Simulation, id: string) => unknown;
const acknowledges: Act = ({ pagerduty }, id) => pagerduty.acknowledge(id, AGENT);
const takes: Act = ({ pagerduty }, id) => pagerduty.reassign(id, AGENT, [AGENT]);
const to = (id: string) => [{ delayMinutes: 15, targets: [{ type: "user" as const, id }] }];

/** One thing that is wrong from a moment before the act on. Further ones, each cheaper to try: `paging/take-back.test.ts`. */
const cases: readonly [wrong: string, does: Act, begin: (simulation: Simulation) => unknown][] = [
  ["webhooks are lost", takes, ({ pagerduty }) => pagerduty.faults.set({ webhooks: "lost" })],
  ["reading one incident answers 500", acknowledges, failing("GET", ONE, "500")],
  ["moving one incident answers 403", takes, failing("PUT", ONE, "403")],
  [
    "the ledger is down",
    acknowledges,
    () => {
      isLedgerDown = true;
    },
  ],
  [
    "the fallback policy has become the bot's own",
    acknowledges,
    ({ pagerduty }) =>
      pagerduty.setPolicy({ id: FALLBACK_POLICY, name: "People only", repeat: 0, rules: to(BOT.id) }),
  ],
];

test.each(cases)(
  "what a program takes during a hold reaches a person in time while %s",
  async (_, act, begin) => {
    isLedgerDown = false;
    const account = smallAccount();
    const simulation = await simulateAfterHistory({
      account: {
        ...account,
        users: [...account.users, { id: AGENT, name: "SRE agent", email: "sre@example.com", bot: true }],
      },
      automationUsers: [AGENT],
      sweeps: true,
      ledger: (ledger: Ledger) =>
        new Proxy(ledger, {
          get: (of, name, receiver) =>
            isLedgerDown && name !== "close"
              ? () => Promise.reject(new Error("14 UNAVAILABLE"))
              : Reflect.get(of, name, receiver),
        }),
    });
    const { clock, pagerduty, ledger } = simulation;
    await ledger.saveSettings(armed);
    const id = raise(simulation);
    await clock.run(clock.now() + 30 * SECOND);
    expect((await ledger.prediction(id))?.holdUntil).not.toBeNull();
    begin(simulation);
    act(simulation, id);
    await clock.run(clock.now() + 10 * MINUTE);
    const told = pagerduty.notifications.find(({ incident, bot }) => incident === id && !bot);
    expect((told?.at ?? Number.POSITIVE_INFINITY) - pagerduty.incident(id).createdAt).toBeLessThanOrEqual(
      WINDOW + MINUTE,
    );
  },
);
