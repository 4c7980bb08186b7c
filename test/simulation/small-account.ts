import type { AccountDescription } from "@mrdata/simulator";
import { TOKEN } from "./simulated-bot.ts";

export const BOT = { id: "PBOT", email: "mrdata@example.com" };
export const ROBIN = "PROBIN";
export const ALEX = "PALEX";
export const SERVICE = "PDATABASE";
/** The bot alone on level 1, Robin on level 2, Alex on level 3. */
export const ARMED_POLICY = "PARMED";
/** People only. */
export const FALLBACK_POLICY = "PFALLBACK";

const user = (id: string) => ({ type: "user" as const, id });
const rule = (delayMinutes: number, ...ids: readonly string[]) => ({ delayMinutes, targets: ids.map(user) });

/** The least that the bot can stand first in: one armed policy, one policy of people, one service. */
export function smallAccount(change: Partial<AccountDescription> = {}): AccountDescription {
  return {
    users: [
      { id: BOT.id, name: "Mr Data", email: BOT.email, bot: true },
      { id: ROBIN, name: "Robin Sleepless", email: "robin@example.com" },
      { id: ALEX, name: "Alex Early", email: "alex@example.com" },
    ],
    schedules: [],
    policies: [
      {
        id: ARMED_POLICY,
        name: "Database, Mr Data first",
        repeat: 1,
        rules: [rule(5, BOT.id), rule(15, ROBIN), rule(15, ALEX)],
      },
      { id: FALLBACK_POLICY, name: "People only", repeat: 0, rules: [rule(15, ALEX)] },
    ],
    services: [
      {
        id: SERVICE,
        name: "Database",
        policyId: ARMED_POLICY,
        urgency: "high",
        autoResolveTimeout: null,
        acknowledgementTimeout: null,
      },
    ],
    restTokens: [{ token: TOKEN, scopes: "full" }],
    ...change,
  };
}
