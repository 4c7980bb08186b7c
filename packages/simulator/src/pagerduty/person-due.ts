import { itemAt } from "@mrdata/base";
import { onCallAt, staffedLevel } from "./escalation.ts";
import { assigneesOf, type Incident } from "./incident.ts";
import type { World } from "./world.ts";

const MINUTE = 60_000;

/**
 * When PagerDuty's own timers reach a person with the incident, if nobody does anything and who is on call stays:
 * milliseconds since the epoch; now where a person has it; null where they never do.
 */
export function personDueAt(world: World, incident: Incident): number | null {
  const isPerson = (user: string): boolean => world.directory.users.get(user)?.bot !== true;
  if (assigneesOf(incident).some(isPerson)) return world.clock.now();
  let at = incident.timers.get("escalate")?.at;
  if (at === undefined) return null;
  const { policy } = incident;
  let { level, loops } = incident;
  for (;;) {
    let next = staffedLevel(world, policy, level + 1);
    if (next === null) {
      if (loops >= policy.repeat) return null;
      loops++;
      next = staffedLevel(world, policy, 1);
      if (next === null) return null;
    }
    if (onCallAt(world, policy, next).some(isPerson)) return at;
    at += itemAt(policy.rules, next - 1).delayMinutes * MINUTE;
    level = next;
  }
}
