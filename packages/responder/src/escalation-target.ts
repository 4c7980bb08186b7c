/** The levels of an escalation policy, from level 1, each with the PagerDuty ids of its targets. */
export type PolicyLevels = readonly { readonly targets: readonly string[] }[];

/**
 * The levels that reach somebody other than `programs` (the ids of the bot and of accounts known to be programs), nearest
 * first, counted from 1 as PagerDuty does.
 *
 * @example
 * ```ts
 * const levels = [{ targets: ["PBOT"] }, { targets: ["PSCHEDULE"] }, { targets: ["PBOT", "PROBIN"] }];
 * levelsOfPeople(levels, ["PBOT"]); // => [2, 3]
 * ```
 */
export const levelsOfPeople = (levels: PolicyLevels, programs: readonly string[]): readonly number[] =>
  levels.flatMap(({ targets }, place) =>
    targets.some((target) => !programs.includes(target)) ? [place + 1] : [],
  );

/** The incident's current state in PagerDuty. */
export type IncidentNow = {
  readonly status: string;
  readonly urgency: string;
  readonly assignees: readonly string[];
  readonly assignedVia: string | null;
};

/**
 * Why the bot must leave the incident alone, or null if it waits on the bot: triggered, the bot its sole assignee,
 * and assigned by the escalation policy. The bot never touches what a person owns or has reassigned.
 *
 * @example
 * ```ts
 * const waiting = { status: "triggered", urgency: "high", assignees: ["PBOT"], assignedVia: "escalation_policy" };
 * reasonNotToPage(waiting, "PBOT"); // => null
 * reasonNotToPage({ ...waiting, status: "resolved" }, "PBOT"); // => "The incident is resolved."
 * reasonNotToPage({ ...waiting, assignees: ["PROBIN"] }, "PBOT") === null; // => false
 * ```
 */
export function reasonNotToPage(incident: IncidentNow, bot: string): string | null {
  if (incident.status !== "triggered") return `The incident is ${incident.status}.`;
  if (incident.assignees.length !== 1 || incident.assignees[0] !== bot)
    return "The incident is not assigned to the bot alone.";
  if (incident.assignedVia !== "escalation_policy")
    return "The incident was assigned by hand, not by its escalation policy.";
  return null;
}
