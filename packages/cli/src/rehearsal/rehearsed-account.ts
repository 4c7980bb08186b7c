import { alertTypeOf, type IncidentEvent, outcomeOf, timelineOf } from "@mrdata/incident";
import type { AccountDescription, Organisation } from "@mrdata/simulator";

/** The policy prepared for the service, but not assigned to it yet. */
export const PREPARED_POLICY = "PPREPARED";

/** Minimum number of incidents for an alarm to serve as the example. */
const MIN_OPENED = 20;

/** The example service, and an alarm on it that usually clears by itself: `cleared` of the `opened` times. */
export type Candidate = {
  readonly service: string;
  readonly name: string;
  readonly title: string;
  readonly opened: number;
  readonly cleared: number;
};

/**
 * The alert type with the highest rate of clearing by itself within the window (milliseconds), and its service. Throws an Error for a
 * history without one.
 */
export function candidateOf(
  { services }: AccountDescription,
  history: readonly IncidentEvent[],
  windowMs: number,
  now: number,
): Candidate {
  const timelines = [...Map.groupBy(history, ({ incident }) => incident).values()].map(timelineOf);
  const opened = timelines.flatMap((events) => {
    const snapshot = events[0]?.snapshot;
    const cleared = outcomeOf(events, { windowMs }, now)?.outcome === "self-resolved";
    return snapshot ? [{ snapshot, cleared }] : [];
  });
  const types = Map.groupBy(opened, ({ snapshot: { service, title } }) => alertTypeOf(service, title).key);
  const share = (type: typeof opened): number =>
    (type.filter(({ cleared }) => cleared).length + 1) / (type.length + 2);
  const [most = []] = [...types.values()]
    .filter((type) => type.length >= MIN_OPENED && type.some(({ cleared }) => cleared))
    .toSorted((a, b) => share(b) - share(a));
  const cleared = most.filter((one) => one.cleared);
  const last = cleared.at(-1)?.snapshot;
  const name = services.find(({ id }) => id === last?.service)?.name;
  if (last === undefined || name === undefined)
    throw new Error("in this past nothing often cleared by itself: take another --seed");
  return { service: last.service, name, title: last.title, opened: most.length, cleared: cleared.length };
}

/** Adds a policy to the account: the bot alone on level 1, then the levels of the service's current policy. */
export function withPreparedPolicy(
  { account, bot }: Pick<Organisation, "account" | "bot">,
  { service, name }: Pick<Candidate, "service" | "name">,
  windowMs: number,
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
        rules: [
          { delayMinutes: windowMs / 60_000, targets: [{ type: "user", id: bot.id }] },
          ...policy.rules,
        ],
      },
    ],
  };
}
