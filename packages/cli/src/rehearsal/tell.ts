import type { AccountDescription, Notification, PagerDutyDouble } from "@mrdata/simulator";
import type { Terminal } from "../terminal.ts";

/** Says whom PagerDuty tells of what, while it happens. Returns an end to it. */
export function tellWhatHappens(
  pagerduty: PagerDutyDouble,
  { users, services }: AccountDescription,
  terminal: Pick<Terminal, "say" | "dim">,
): () => void {
  const nameOf = (list: readonly { readonly id: string; readonly name: string }[], id: string): string =>
    list.find((one) => one.id === id)?.name ?? id;
  return pagerduty.onNotified(({ at, user, incident, service, level, bot, why }: Notification) => {
    const { title } = pagerduty.incident(incident);
    const who = nameOf(users, user);
    const done = bot
      ? `${who} has it first`
      : `${who} is ${why === "reminded" ? "reminded" : "paged"}${level === null ? "" : `, level ${level}`}`;
    const line = `${new Date(at).toISOString().slice(11, 19)}  ${done}: ${title} (${nameOf(services, service)}, ${incident})`;
    terminal.say(bot ? terminal.dim(line) : line);
  });
}
