import type { PagerDutyDouble, PublishedEvent } from "@mrdata/simulator";

/** A change by the bot that told nobody: the incident was the bot's alone after it. */
export type SelfEscalation = {
  readonly event: PublishedEvent;
  /** The same had been tried before, with the same outcome, and nothing else had happened to the incident since. */
  readonly isRepeat: boolean;
};

/** What makes an incident another's, or another's again. */
const CHANGES = new Set<PublishedEvent["type"]>([
  "triggered",
  "reopened",
  "acknowledged",
  "unacknowledged",
  "resolved",
  "escalated",
  "delegated",
  "reassigned",
]);

/**
 * Changes by the bot after which the incident was only the bot's again. One that is followed by another level is how
 * it finds out; the same again is one too many, for it starts PagerDuty's timer anew. What comes twice within
 * `lag` milliseconds was sent again on the way.
 */
export function selfEscalationsOf(
  { events }: Pick<PagerDutyDouble, "events">,
  bot: string,
  lag: number,
): readonly SelfEscalation[] {
  const tried = new Map<string, Map<string, number>>();
  return events.flatMap((event): SelfEscalation[] => {
    const { incident, type, agent, assignees, policy, level, at } = event;
    if (!CHANGES.has(type)) return [];
    const alone = assignees.length === 1 && assignees[0] === bot;
    if (agent !== bot || !alone) {
      tried.delete(incident);
      return [];
    }
    const before = tried.get(incident) ?? new Map<string, number>();
    tried.set(incident, before);
    const place = `${policy} ${level}`;
    const last = before.get(place);
    before.set(place, at);
    return [{ event, isRepeat: last !== undefined && at - last > lag }];
  });
}
