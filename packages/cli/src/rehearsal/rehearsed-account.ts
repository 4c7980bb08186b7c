import { alertTypeOf, type IncidentEvent, outcomeOf, timelineOf } from "@mrdata/incident";
import type { AccountDescription, Organisation } from "@mrdata/simulator";

/** The policy that a person has prepared, and not yet put on the service. */
export const PREPARED_POLICY = "PPREPARED";

/** The service to begin with, and an alarm of the type that most often cleared by itself there, so many times. */
export type Candidate = {
  readonly service: string;
  readonly name: string;
  readonly title: string;
  readonly cleared: number;
};

/**
 * The alert type that most often cleared by itself within the window (milliseconds), and its service. Throws an Error for
 * a history in which nothing ever did.
 */
export function candidateOf(
  { services }: AccountDescription,
  history: readonly IncidentEvent[],
  window: number,
  now: number,
): Candidate {
  const timelines = [...Map.groupBy(history, ({ incident }) => incident).values()].map(timelineOf);
  const cleared = timelines.flatMap((events) => {
    const snapshot = events[0]?.snapshot;
    return snapshot && outcomeOf(events, { window }, now)?.outcome === "self-resolved" ? [snapshot] : [];
  });
  const types = Map.groupBy(cleared, ({ service, title }) => alertTypeOf(service, title).key);
  const most = [...types.values()].toSorted((a, b) => b.length - a.length)[0] ?? [];
  const last = most.at(-1);
  const name = services.find(({ id }) => id === last?.service)?.name;
  if (last === undefined || name === undefined)
    throw new Error("in this past nothing ever cleared by itself: take another --seed");
  return { service: last.service, name, title: last.title, cleared: most.length };
}

/** The account with a policy beside the service's own: the bot alone on level 1, then whatever the service has. */
export function withPreparedPolicy(
  { account, bot }: Pick<Organisation, "account" | "bot">,
  { service, name }: Pick<Candidate, "service" | "name">,
  window: number,
): AccountDescription {
  const own = account.services.find(({ id }) => id === service)?.policyId;
  const policy = account.policies.find(({ id }) => id === own);
  if (policy === undefined) throw new RangeError(`service ${service} has no policy`);
  return {
    ...account,
    policies: [
      ...account.policies,
      {
        ...policy,
        id: PREPARED_POLICY,
        name: `${name}, Mr Data first`,
        rules: [{ delayMinutes: window / 60_000, targets: [{ type: "user", id: bot.id }] }, ...policy.rules],
      },
    ],
  };
}
