import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { itemAt } from "@mrdata/base";
import { createPagerDuty } from "@mrdata/pagerduty";
import {
  ACCOUNT_TOKEN,
  createDiscreteClock,
  createOrganisation,
  createPagerDutyDouble,
  type DeliverRequest,
  subscribedEvents,
  substream,
} from "@mrdata/simulator";
import { armedEverywhere, startSimulatedStack } from "../demo/simulated-stack.ts";
import { type Drill, runDrill } from "./run-drill.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const START = Date.parse("2026-03-02T02:00:00Z");
const WINDOW_MS = 5 * MINUTE_MS;
const SECRET = "signing-secret-of-the-drill";

/** The bot's state during the drill. */
export const drillCases = ["bot on", "bot dead"] as const;
export type DrillCase = (typeof drillCases)[number];

/**
 * Runs the drill on a simulated organisation with the bot first on every policy and every service armed: the whole local stack over
 * HTTP, on a discrete-event clock. `bot dead`: no webhook reaches the bot, and it does nothing.
 */
export async function simulatedDrill(how: DrillCase, env: NodeJS.ProcessEnv): Promise<Drill> {
  const home = mkdtempSync(join(tmpdir(), "mrdata-drill-"));
  const clock = createDiscreteClock(START);
  const organisation = createOrganisation({
    seed: 1,
    from: START,
    to: START + HOUR_MS,
    bot: { timeoutMinutes: WINDOW_MS / MINUTE_MS },
  });
  let receive: DeliverRequest = async () => ({ status: 503 });
  const pagerduty = createPagerDutyDouble({
    clock,
    account: organisation.account,
    random: substream(() => 0.5),
    deliverWebhook: (request, signal) => receive(request, signal),
  });
  pagerduty.subscribe({ url: "http://receiver/", events: subscribedEvents, secret: SECRET });
  const started = await startSimulatedStack({
    home,
    env: { ...env, MRDATA_TARGET: undefined, MRDATA_WEBHOOK_SECRET: SECRET },
    organisation,
    pagerduty,
    clock,
    token: ACCOUNT_TOKEN,
    window: `${WINDOW_MS / MINUTE_MS}m`,
    sweeps: how !== "bot dead",
  });
  try {
    receive = started.receive;
    await started.stack.ledger.saveSettings(armedEverywhere(organisation));
    if (how === "bot dead") pagerduty.faults.set({ webhooks: "lost" });
    const service = itemAt(organisation.account.services, 0).id;
    let done = false;
    const drill = runDrill(
      {
        pagerduty: createPagerDuty({
          auth: { kind: "token", token: async () => ACCOUNT_TOKEN },
          from: organisation.bot.email,
          clock,
          fetch: pagerduty.fetch,
        }),
        clock,
      },
      { service, key: how, bot: organisation.bot.id, automations: [], windowMs: WINDOW_MS },
    ).finally(() => {
      done = true;
    });
    drill.catch(() => {});
    clock.schedule(START + HOUR_MS, () => {});
    await clock.run(() => done);
    return await drill;
  } finally {
    await started.close();
    rmSync(home, { recursive: true, force: true });
  }
}
