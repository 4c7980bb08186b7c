import {
  ACCOUNT_TOKEN,
  type AccountDescription,
  type Notification,
  type PagerDutyDouble,
} from "@mrdata/simulator";
import type { Terminal } from "../terminal.ts";

/** How often held incidents are checked for their end. */
const POLL_INTERVAL_MS = 1_000;

type ObservedPagerDuty = Pick<PagerDutyDouble, "onNotified"> & {
  incident(id: string): Pick<ReturnType<PagerDutyDouble["incident"]>, "title" | "resolvedAt">;
};

/** Prints notifications as PagerDuty sends them, and incidents that ended without one. Returns a function that stops it. */
export function narrateNotifications(
  pagerduty: ObservedPagerDuty,
  { users, services }: Pick<AccountDescription, "users" | "services">,
  terminal: Pick<Terminal, "say" | "dim">,
  url: string,
): () => void {
  const nameOf = (list: readonly { readonly id: string; readonly name: string }[], id: string): string =>
    list.find((one) => one.id === id)?.name ?? id;
  /** Incidents that the bot has and no person was notified of, with the time of assignment. */
  const held = new Map<string, { readonly at: number; readonly what: string }>();
  let isHintPrinted = false;
  const unsubscribe = pagerduty.onNotified(
    ({ at, user, incident, service, level, bot, why }: Notification) => {
      const { title } = pagerduty.incident(incident);
      const who = nameOf(users, user);
      const what = `${title} (${nameOf(services, service)}, ${incident})`;
      if (bot) held.set(incident, { at, what });
      else held.delete(incident);
      const done = bot
        ? `${who} has it first`
        : `${who} is ${why === "reminded" ? "reminded" : "paged"}${level === null ? "" : `, level ${level}`}`;
      const line = `${clock(at)}  ${done}: ${what}`;
      terminal.say(bot ? terminal.dim(line) : line);
      if (!bot || isHintPrinted) return;
      isHintPrinted = true;
      terminal.say(terminal.dim(`  say something to it: ${noteCommand(url, incident, users)}`));
    },
  );
  const poll = setInterval(() => {
    for (const [incident, { at, what }] of held) {
      const { resolvedAt } = pagerduty.incident(incident);
      if (resolvedAt === null) continue;
      held.delete(incident);
      terminal.say(
        `${clock(resolvedAt)}  Held ${lasted(resolvedAt - at)}, cleared by itself, nobody was woken: ${what}`,
      );
    }
  }, POLL_INTERVAL_MS);
  poll.unref();
  return () => {
    clearInterval(poll);
    unsubscribe();
  };
}

const clock = (at: number): string => new Date(at).toISOString().slice(11, 19);

const lasted = (milliseconds: number): string =>
  milliseconds < 120_000
    ? `${Math.round(milliseconds / 1_000)} s`
    : `${Math.round(milliseconds / 60_000)} min`;

/** The curl command for a note that a person would write in PagerDuty's application, in that person's name. */
function noteCommand(url: string, incident: string, users: AccountDescription["users"]): string {
  const person = users.find(({ bot }) => bot !== true);
  if (person === undefined) throw new Error("the made-up account has nobody who could write a note");
  const note = JSON.stringify({ note: { content: "mrdata: never hold this" } });
  return `curl -sS ${url}/incidents/${incident}/notes -H 'Authorization: Token token=${ACCOUNT_TOKEN}' -H 'From: ${person.email}' -H 'Content-Type: application/json' -d '${note}'`;
}
