import { itemAt } from "@mrdata/base";
import type { IncidentEvent } from "@mrdata/incident";

/** One incident of the past, with its events in timeline order. Times are milliseconds since the epoch. */
export type PastIncident = {
  readonly incident: string;
  readonly service: string;
  readonly openedAt: number;
  readonly events: readonly Pick<IncidentEvent, "type" | "actor" | "actorId" | "occurredAt">[];
};

/** What speaks for it that a user's account is a program's. */
export type AgentEvidence = {
  /** PagerDuty id. */
  readonly user: string;
  /** Incidents that it acted on, and those that opened on the same services between its first and its last. */
  readonly actedOn: number;
  readonly opened: number;
  /** From the opening to its first action. */
  readonly medianDelayMs: number;
  /** The share of its incidents on which that took two minutes at most. */
  readonly quickShare: number;
  /** What its first action was, and how often, the most frequent first. */
  readonly actions: readonly { readonly type: string; readonly count: number }[];
};

/** PagerDuty's public agents poll every minute: they act within a minute or two, and nobody does at all hours. */
const QUICK_MS = 2 * 60_000;
const MIN_INCIDENTS = 20;
const MIN_QUICK_SHARE = 0.9;
/** Of what opens on its services, over all and in each quarter of the day. */
const MIN_ACTED_SHARE = 0.5;
/** So few that a quarter of the day says nothing. */
const MIN_IN_QUARTER = 3;

const HOUR = 3_600_000;
const quarterOf = (at: number): number => Math.floor(((((at / HOUR) % 24) + 24) % 24) / 6);

type Acted = { readonly past: PastIncident; readonly delayMs: number; readonly type: string };

/** The first thing that each user did on the incident; what the bot, monitors and known programs did is not asked about. */
function firstActs(past: PastIncident): ReadonlyMap<string, Acted> {
  const first = new Map<string, Acted>();
  for (const { type, actor, actorId, occurredAt } of past.events) {
    if (actor !== "human" || actorId === null || type === "triggered" || first.has(actorId)) continue;
    first.set(actorId, { past, delayMs: occurredAt - past.openedAt, type });
  }
  return first;
}

const median = (sorted: readonly number[]): number =>
  sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;

/**
 * Accounts of users that behave as programs do: they act within two minutes of the opening, on most incidents of
 * their services, at all hours of the day. A person is quick in a shift and asleep in another. The surest come first.
 * It is a proposal: a person says which they are.
 */
export function findAgents(history: readonly PastIncident[]): readonly AgentEvidence[] {
  const byUser = new Map<string, Acted[]>();
  for (const past of history)
    for (const [user, acted] of firstActs(past)) {
      const known = byUser.get(user);
      if (known === undefined) byUser.set(user, [acted]);
      else known.push(acted);
    }
  return [...byUser]
    .flatMap(([user, acts]) => {
      const evidence = evidenceOf(user, acts, history);
      return evidence === null ? [] : [evidence];
    })
    .toSorted((a, b) => b.actedOn - a.actedOn || (a.user < b.user ? -1 : 1));
}

function evidenceOf(
  user: string,
  acts: readonly Acted[],
  history: readonly PastIncident[],
): AgentEvidence | null {
  if (acts.length < MIN_INCIDENTS) return null;
  const quick = acts.filter(({ delayMs }) => delayMs <= QUICK_MS);
  if (quick.length < MIN_QUICK_SHARE * acts.length) return null;
  const services = new Set(acts.map(({ past }) => past.service));
  const times = acts.map(({ past }) => past.openedAt).toSorted((a, b) => a - b);
  const [from, to] = [itemAt(times, 0), itemAt(times, -1)];
  const eligible = history.filter(
    ({ service, openedAt }) => services.has(service) && openedAt >= from && openedAt <= to,
  );
  if (acts.length < MIN_ACTED_SHARE * eligible.length) return null;
  for (const quarter of [0, 1, 2, 3]) {
    const opened = eligible.filter(({ openedAt }) => quarterOf(openedAt) === quarter).length;
    const acted = quick.filter(({ past }) => quarterOf(past.openedAt) === quarter).length;
    if (acted < MIN_IN_QUARTER || acted < MIN_ACTED_SHARE * opened) return null;
  }
  const actions = [...Map.groupBy(acts, ({ type }) => type)]
    .map(([type, of]) => ({ type, count: of.length }))
    .toSorted((a, b) => b.count - a.count || (a.type < b.type ? -1 : 1));
  return {
    user,
    actedOn: acts.length,
    opened: eligible.length,
    medianDelayMs: median(acts.map(({ delayMs }) => delayMs).toSorted((a, b) => a - b)),
    quickShare: quick.length / acts.length,
    actions,
  };
}

/** What stops PagerDuty's timer before a person was told. */
const STOPS_TIMER: readonly string[] = ["acknowledged", "reassigned"];

/**
 * How many incidents of a service these accounts acknowledged or reassigned within the window (milliseconds), where
 * the bot would be holding: by account, those that did.
 */
export function timerStopsOf(
  history: readonly PastIncident[],
  {
    service,
    windowMs,
    accounts,
  }: { readonly service: string; readonly windowMs: number; readonly accounts: readonly string[] },
): ReadonlyMap<string, number> {
  const stops = new Map<string, number>();
  for (const { service: of, openedAt, events } of history) {
    if (of !== service) continue;
    const who = new Set(
      events.flatMap(({ type, actorId, occurredAt }) =>
        STOPS_TIMER.includes(type) &&
        occurredAt - openedAt <= windowMs &&
        actorId !== null &&
        accounts.includes(actorId)
          ? [actorId]
          : [],
      ),
    );
    for (const account of who) stops.set(account, (stops.get(account) ?? 0) + 1);
  }
  return stops;
}
