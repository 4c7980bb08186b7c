import type { Ledger } from "@mrdata/platform";
import { expect, test } from "vitest";
import {
  armed,
  disarmed,
  MINUTE,
  pagedAfter,
  raise,
  SECOND,
  simulate,
  simulateAfterHistory,
  WINDOW,
} from "../simulation/armed-service.ts";
import type { Simulation } from "../simulation/simulated-bot.ts";
import { BOT, FALLBACK_POLICY, ROBIN, smallAccount } from "../simulation/small-account.ts";

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

/** An account with an agent whose user is named to the bot. */
function withAgent() {
  const account = smallAccount();
  const agent = { id: AGENT, name: "SRE agent", email: "sre@example.com", bot: true };
  return {
    account: { ...account, users: [...account.users, agent] },
    automationUsers: [AGENT],
    sweeps: true,
  };
}

const expectToldInTime = (simulation: Simulation, id: string): void =>
  expect(pagedAfter(simulation, id) ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(WINDOW + MINUTE);

test.each(cases)(
  "what a program takes during a hold reaches a person in time while %s",
  async (_, act, begin) => {
    isLedgerDown = false;
    const simulation = await simulateAfterHistory({
      ...withAgent(),
      ledger: (ledger: Ledger) =>
        new Proxy(ledger, {
          get: (of, name, receiver) =>
            isLedgerDown && name !== "close"
              ? () => Promise.reject(new Error("14 UNAVAILABLE"))
              : Reflect.get(of, name, receiver),
        }),
    });
    const { clock, ledger } = simulation;
    await ledger.saveSettings(armed);
    const id = raise(simulation);
    await clock.run(clock.now() + 30 * SECOND);
    expect((await ledger.prediction(id))?.holdUntil).not.toBeNull();
    begin(simulation);
    act(simulation, id);
    await clock.run(clock.now() + 10 * MINUTE);
    expectToldInTime(simulation, id);
  },
);

const putsFail = ({ pagerduty }: Simulation): (() => void) => {
  const ends = ["/incidents", ONE].map((path) =>
    pagerduty.faults.add({ kind: "500", probability: 1, endpoint: { method: "PUT", path } }),
  );
  return () => {
    for (const end of ends) end();
  };
};

/** What ends a hold while PagerDuty refuses to page: the hold is over, and nobody was told. */
const releases: readonly [string, (simulation: Simulation, id: string) => unknown][] = [
  ["a person's note", ({ pagerduty }, id) => pagerduty.addNote(id, ROBIN, "what is this?")],
  ["a disarming in the ledger", ({ ledger }) => ledger.saveSettings(disarmed)],
  ["a person's assignment to the bot", ({ pagerduty }, id) => pagerduty.reassign(id, ROBIN, [BOT.id])],
];

test.each(releases)(
  "what a program takes after %s ended the hold, and the page failed, reaches a person",
  async (_, release) => {
    const simulation = await simulateAfterHistory(withAgent());
    const { clock, ledger } = simulation;
    await ledger.saveSettings(armed);
    const id = raise(simulation);
    await clock.run(clock.now() + 30 * SECOND);
    const end = putsFail(simulation);
    await release(simulation, id);
    await clock.run(clock.now() + 90 * SECOND);
    expect((await ledger.prediction(id))?.ended).toBeDefined();
    acknowledges(simulation, id);
    await clock.run(clock.now() + 10 * SECOND);
    end();
    await clock.run(clock.now() + 10 * MINUTE);
    expectToldInTime(simulation, id);
  },
);

test.each([100, 1_000, 2_000])(
  "what a program takes %d ms after the opening reaches a person, of a service that is not armed as well",
  async (afterMs) => {
    const simulation = await simulate(withAgent());
    const { clock, pagerduty, ledger } = simulation;
    await ledger.saveSettings(disarmed);
    pagerduty.faults.set({ restLatency: 1_500 });
    const id = raise(simulation);
    await clock.run(clock.now() + afterMs);
    acknowledges(simulation, id);
    await clock.run(clock.now() + 10 * MINUTE);
    expectToldInTime(simulation, id);
  },
);
