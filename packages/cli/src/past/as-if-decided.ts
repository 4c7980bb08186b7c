import { outOfRange } from "@mrdata/base";
import {
  type AlertTypeFeedback,
  alertTypeOf,
  comparePast,
  nameKeysOf,
  type PastIncident,
  type Prediction,
  type TrackRecordBuilder,
} from "@mrdata/incident";
import { organisationCounts, type ServiceSituation, serviceReplay } from "@mrdata/learning";
import type { Settings } from "@mrdata/platform";
import { decide, heldLately, type NameRecords, type Predictor } from "@mrdata/responder";

/** What hypothetical decisions are made with. `windowMs`: the bot's hold window, milliseconds. */
export type DecisionContext = {
  readonly predictor: Predictor;
  readonly settings: Settings;
  readonly windowMs: number;
  /** People's feedback on an alarm; left out: none. */
  readonly feedbackOf?: (incident: PastIncident) => AlertTypeFeedback;
  /** Ids of incidents opened by a person; left out: none. */
  readonly openedByPeople?: ReadonlySet<string>;
};

/**
 * Hypothetical decisions, by incident id, for incidents without one, had their services been armed: each by all guard rails, from the
 * track records as they were when it opened. Caps on the number of holds are not applied; `heldAsArmed` does that.
 * @param past The whole history, in any order: the track records are built from it.
 */
export function asIfDecided(
  past: readonly PastIncident[],
  isSelected: (incident: PastIncident) => boolean,
  context: DecisionContext,
): ReadonlyMap<string, Prediction> {
  const all = past.toSorted(comparePast);
  const organisation = organisationCounts(all);
  const indexOf = new Map(all.map((incident, i) => [incident, i]));
  const decided = new Map<string, Prediction>();
  const asked = new Set(all.filter(isSelected).map(({ service }) => service));
  for (const service of asked) {
    const own = all.filter((incident) => incident.service === service);
    const { windowMs, details } = context.predictor;
    // Guard rails use every level of the name, whether or not the predictor does.
    serviceReplay(windowMs, { ...details, names: true })(own, (n, situation) => {
      const incident = own[n];
      if (incident === undefined || !isSelected(incident)) return;
      const i = indexOf.get(incident) ?? outOfRange();
      const opened = openedWithin(all, i, context.settings.storm.seconds * 1000);
      const facts = { ...situation, organisation: organisation(i), opened };
      decided.set(incident.id, decisionOf(incident, facts, context));
    });
  }
  return decided;
}

/** How many incidents opened within `withinMs` before the one at index `i`, including that one. */
function openedWithin(all: readonly PastIncident[], i: number, withinMs: number): number {
  const from = (all[i]?.createdAt ?? outOfRange()) - withinMs;
  let first = i;
  while (first > 0 && (all[first - 1]?.createdAt ?? from) >= from) first--;
  return i - first + 1;
}

type DecisionFacts = ServiceSituation & {
  readonly organisation: ReturnType<ReturnType<typeof organisationCounts>>;
  readonly opened: number;
};

function decisionOf(
  { id, service, title, urgency, createdAt: openedAt, ...incident }: PastIncident,
  { organisation, opened, ...situation }: DecisionFacts,
  { predictor, settings, windowMs, feedbackOf, openedByPeople }: DecisionContext,
): Prediction {
  const [finest = [], general = [], words = []] = situation.names ?? [];
  const nameRecords: NameRecords = [recordsOf(finest), recordsOf(general), recordsOf(words)];
  const observation = {
    incident: id,
    service,
    title,
    urgency,
    // Histories do not contain it.
    priority: null,
    openedAt,
    alertTypeRecords: recordsOf(situation.alertType),
    serviceRecords: recordsOf(situation.service),
    nameRecords,
    textRecords: Object.fromEntries(
      Object.entries(situation.texts).map(([name, records]) => [name, recordsOf(records)]),
    ),
    texts: situation.values,
    numbers: situation.numbers,
    organisation,
  };
  const alertType = alertTypeOf(service, title).key;
  const names = nameKeysOf(service, title);
  const whole = { ...incident, id, service, title, urgency, createdAt: openedAt };
  return decide(
    {
      observation,
      forecast: predictor.predict(observation),
      predictor,
      settings: { ...settings, mode: "armed", disarmed: null, policy: null },
      windowMs,
      now: openedAt,
      touchedByPerson: openedByPeople?.has(id) ?? false,
      escalationPolicy: null,
      waitsOnBot: true,
      alertType,
      names,
      held: heldLately([], { service, alertType, names }, openedAt),
      opened,
      feedback: feedbackOf?.(whole) ?? { hold: null },
      misses: { services: [], misses: 0, neededHuman: 0, trail: [] },
      unknownChecks: [],
    },
    { asOf: { records: {}, organisation, at: openedAt } },
  );
}

/** The records that were ever written, in the ledger's form. */
const recordsOf = (records: readonly TrackRecordBuilder[]) =>
  records.filter(({ version }) => version > 0).map((record) => record.toRecord());
