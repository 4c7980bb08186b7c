import { itemAt } from "@mrdata/base";
import type { IncidentEvent } from "@mrdata/incident";

/** A past incident with its events in timeline order. Times are milliseconds since the epoch. */
export type PastIncident = {
  readonly incident: string;
  readonly service: string;
  readonly openedAt: number;
  readonly events: readonly Pick<IncidentEvent, "type" | "actor" | "actorId" | "occurredAt">[];
};

/** Evidence that a user account belongs to a program. */
export type AgentEvidence = {
  /** PagerDuty id. */
  readonly user: string;
  /** Incidents that it acted on, and all that opened on the same services between its first and its last. */
  readonly actedOn: number;
  readonly opened: number;
  /** Median time from the opening to its first action. */
  readonly medianDelayMs: number;
  /** The share of its incidents on which it acted within two minutes. */
  readonly quickShare: number;
  /** The types of its first actions with their counts, most frequent first. */
  readonly actions: readonly { readonly type: string; readonly count: number }[];
};

/** PagerDuty's public agents poll every minute, so they act within a minute or two; no person does that at all hours. */
const QUICK_MS = 2 * 60_000;
const MIN_INCIDENTS = 20;
const MIN_QUICK_SHARE = 0.9;
/** Share of the incidents on its services, overall and in each quarter of the day. */
const MIN_ACTED_SHARE = 0.5;
/** With fewer incidents, a quarter of the day is no evidence. */
const MIN_IN_QUARTER = 3;

const HOUR = 3_600_000;
const quarterOf = (at: number): number => Math.floor(((((at / HOUR) % 24) + 24) % 24) / 6);

type FirstAction = { readonly past: PastIncident; readonly delayMs: number; readonly type: string };

/** Each user's first action on the incident. The bot, monitors and known programs are not users here. */
function firstActionsByUser(past: PastIncident): ReadonlyMap<string, FirstAction> {
  const first = new Map<string, FirstAction>();
  for (const { type, actor, actorId, occurredAt } of past.events) {
    if (actor !== "human" || actorId === null || type === "triggered" || first.has(actorId)) continue;
    first.set(actorId, { past, delayMs: occurredAt - past.openedAt, type });
  }
  return first;
}

const median = (sorted: readonly number[]): number =>
  sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;

/**
 * User accounts that behave like programs: they act within two minutes of the opening, on most incidents of
 * their services, at all hours of the day. A person is quick during one shift and asleep during another. Those with the most
 * incidents come first. The list is a proposal: a person decides which accounts are programs.
 */
export function findAgents(history: readonly PastIncident[]): readonly AgentEvidence[] {
  const byUser = new Map<string, FirstAction[]>();
  for (const past of history)
    for (const [user, action] of firstActionsByUser(past)) {
      const known = byUser.get(user);
      if (known === undefined) byUser.set(user, [action]);
      else known.push(action);
    }
  return [...byUser]
    .flatMap(([user, firstActions]) => {
      const evidence = evidenceOf(user, firstActions, history);
      return evidence === null ? [] : [evidence];
    })
    .toSorted((a, b) => b.actedOn - a.actedOn || (a.user < b.user ? -1 : 1));
}

function evidenceOf(
  user: string,
  firstActions: readonly FirstAction[],
  history: readonly PastIncident[],
): AgentEvidence | null {
  if (firstActions.length < MIN_INCIDENTS) return null;
  const quick = firstActions.filter(({ delayMs }) => delayMs <= QUICK_MS);
  if (quick.length < MIN_QUICK_SHARE * firstActions.length) return null;
  const services = new Set(firstActions.map(({ past }) => past.service));
  const times = firstActions.map(({ past }) => past.openedAt).toSorted((a, b) => a - b);
  const [from, to] = [itemAt(times, 0), itemAt(times, -1)];
  const eligible = history.filter(
    ({ service, openedAt }) => services.has(service) && openedAt >= from && openedAt <= to,
  );
  if (firstActions.length < MIN_ACTED_SHARE * eligible.length) return null;
  for (const quarter of [0, 1, 2, 3]) {
    const opened = eligible.filter(({ openedAt }) => quarterOf(openedAt) === quarter).length;
    const acted = quick.filter(({ past }) => quarterOf(past.openedAt) === quarter).length;
    if (acted < MIN_IN_QUARTER || acted < MIN_ACTED_SHARE * opened) return null;
  }
  const actions = [...Map.groupBy(firstActions, ({ type }) => type)]
    .map(([type, of]) => ({ type, count: of.length }))
    .toSorted((a, b) => b.count - a.count || (a.type < b.type ? -1 : 1));
  return {
    user,
    actedOn: firstActions.length,
    opened: eligible.length,
    medianDelayMs: median(firstActions.map(({ delayMs }) => delayMs).toSorted((a, b) => a - b)),
    quickShare: quick.length / firstActions.length,
    actions,
  };
}

/** Event types that stop PagerDuty's escalation timer before a person is notified. */
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
