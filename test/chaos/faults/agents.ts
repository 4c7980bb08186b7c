import { BOT_USER, createRandom, type Random, type UserDescription } from "@mrdata/simulator";
import type { Fault } from "../faults.ts";
import { keyOf } from "../incident-key.ts";
import { long, SECOND } from "./durations.ts";

/** A program that acts under a user's name; the bot is told of it (`MRDATA_AUTOMATION_USERS`). */
export const AGENT_USER: UserDescription = {
  id: "PAGENT",
  name: "Incident agent",
  email: "agent@example.com",
  bot: true,
};
/** Of what comes to the bot it takes so much. */
const SHARE = 0.4;
/** How soon, seconds: most programs look for a minute or two first, some act on the webhook, in the middle of the bot's own calls. */
const AFTER_A_LOOK = [20, 120] as const;
const ON_THE_WEBHOOK = [0.3, 5] as const;
const AT_ONCE_SHARE = 0.3;
const ACTS = ["acknowledge", "acknowledge", "acknowledge", "take", "give to the bot"] as const;

/** What programs beside the bot do. */
export const agentFaults: readonly Fault[] = [
  {
    name: "agent-acks",
    what: "a program under a user's name acknowledges, takes or gives the bot by hand what it has, which stops PagerDuty's timer",
    pages: true,
    // What it takes PagerDuty tells nobody of: where the bot cannot take it back, nobody can.
    takes: "people",
    ...long,
    begin({ simulation: { pagerduty, clock }, random }) {
      // By the incident and nothing else: where PagerDuty is played alone beside the bot, it takes the same.
      const seed = random.whole(1, 1_000_000);
      const seen = new Map<string, number>();
      const act = (id: string, drawn: Random): void => {
        const { status, assignees } = pagerduty.incident(id);
        // What people have is theirs: it looks for what nobody does anything about.
        if (status !== "triggered" || assignees.some((user) => !isProgram(user))) return;
        const what = drawn.pick(ACTS);
        if (what === "acknowledge") pagerduty.acknowledge(id, AGENT_USER.id);
        // By hand to the bot, which it is held by already: PagerDuty's timer stops as for anybody else.
        else pagerduty.reassign(id, AGENT_USER.id, [what === "take" ? AGENT_USER.id : BOT_USER]);
      };
      return pagerduty.onNotified(({ incident, user, bot }) => {
        if (!bot || user === AGENT_USER.id) return;
        const times = (seen.get(incident) ?? 0) + 1;
        seen.set(incident, times);
        const drawn = createRandom(seed, `${keyOf(pagerduty.incident(incident))} ${times}`);
        if (!drawn.chance(SHARE)) return;
        const [least, most] = drawn.chance(AT_ONCE_SHARE) ? ON_THE_WEBHOOK : AFTER_A_LOOK;
        clock.schedule(clock.now() + drawn.between(least, most) * SECOND, () => act(incident, drawn));
      });
    },
  },
];

const isProgram = (user: string): boolean => user === AGENT_USER.id || user.startsWith("PBOT");
