import { alertTypeOf } from "./alert-type.ts";
import { closingTime } from "./contribution.ts";
import type { IncidentSnapshot } from "./event.ts";
import { feedbackOf } from "./feedback.ts";
import { type Outcome, type OutcomeRules, outcomeOf } from "./outcome.ts";
import { openingOf, type Timeline } from "./timeline.ts";

/** The state of one incident derived from its timeline: what `incidents/{id}` holds besides the events. */
export type IncidentState = {
  readonly incident: string;
  readonly service: string | null;
  readonly serviceName: string | null;
  readonly title: string | null;
  /** Key of the alert type. */
  readonly alertType: string | null;
  readonly status: IncidentSnapshot["status"] | null;
  readonly urgency: IncidentSnapshot["urgency"] | null;
  readonly priority: string | null;
  /** Milliseconds since the epoch; null while the `triggered` event has not arrived. */
  readonly openedAt: number | null;
  readonly closedAt: number | null;
  readonly outcome: Outcome | null;
  readonly decidedAt: number | null;
  readonly feedback: readonly string[];
  readonly events: number;
};

/** Derives the state; the same events give the same state in any order. */
export function stateOf(incident: string, timeline: Timeline, rules: OutcomeRules): IncidentState {
  const opening = openingOf(timeline);
  const opened = opening?.snapshot ?? null;
  const latest = timeline.findLast((event) => event.snapshot !== null)?.snapshot ?? null;
  const known = opened ?? latest;
  const last = timeline.at(-1);
  const decided = last === undefined ? null : outcomeOf(timeline, rules, last.occurredAt);
  return {
    incident,
    service: known?.service ?? null,
    serviceName: known?.serviceName ?? null,
    title: known?.title ?? null,
    alertType: known === null ? null : alertTypeOf(known.service, known.title).key,
    status: latest?.status ?? null,
    urgency: latest?.urgency ?? null,
    priority: latest?.priority ?? null,
    openedAt: opening?.occurredAt ?? null,
    closedAt: closingTime(timeline),
    outcome: decided?.outcome ?? null,
    decidedAt: decided?.decidedAt ?? null,
    feedback: timeline.map(feedbackOf).filter((feedback) => feedback !== null),
    events: timeline.length,
  };
}
