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

/** What a past is decided on with. `window`: the bot's own, milliseconds. */
export type DecidedWith = {
  readonly predictor: Predictor;
  readonly settings: Settings;
  readonly window: number;
  /** What people said of an alarm; left out: nothing. */
  readonly feedbackOf?: (incident: PastIncident) => AlertTypeFeedback;
  /** Ids of incidents that a person opened; left out: none. */
  readonly openedByPeople?: ReadonlySet<string>;
};

/**
 * What would have been decided of incidents that nothing was decided of, had their services been armed: each from the records as
 * they were when it opened, by all guard rails. That holds add up is left out; `heldAsArmed` adds them up. By id of the incident.
 * @param past All that is known, for records are made of it; in any order.
 */
export function asIfDecided(
  past: readonly PastIncident[],
  isAsked: (incident: PastIncident) => boolean,
  decidedWith: DecidedWith,
): ReadonlyMap<string, Prediction> {
  const all = past.toSorted(comparePast);
  const organisation = organisationCounts(all);
  const places = new Map(all.map((incident, i) => [incident, i]));
  const decided = new Map<string, Prediction>();
  const asked = new Set(all.filter(isAsked).map(({ service }) => service));
  for (const service of asked) {
    const own = all.filter((incident) => incident.service === service);
    const { window, details } = decidedWith.predictor;
    // Guard rails look at every level of the name, whether or not the predictor does.
    serviceReplay(window, { ...details, names: true })(own, (n, situation) => {
      const incident = own[n];
      if (incident === undefined || !isAsked(incident)) return;
      const i = places.get(incident) ?? outOfRange();
      const opened = openedWithin(all, i, decidedWith.settings.storm.seconds * 1000);
      const told = { ...situation, organisation: organisation(i), opened };
      decided.set(incident.id, decisionOf(incident, told, decidedWith));
    });
  }
  return decided;
}

/** How many opened within so many milliseconds before the one at a place, itself among them. */
function openedWithin(all: readonly PastIncident[], i: number, within: number): number {
  const from = (all[i]?.createdAt ?? outOfRange()) - within;
  let first = i;
  while (first > 0 && (all[first - 1]?.createdAt ?? from) >= from) first--;
  return i - first + 1;
}

type Told = ServiceSituation & {
  readonly organisation: ReturnType<ReturnType<typeof organisationCounts>>;
  readonly opened: number;
};

function decisionOf(
  { id, service, title, urgency, createdAt: openedAt, ...incident }: PastIncident,
  { organisation, opened, ...situation }: Told,
  { predictor, settings, window, feedbackOf, openedByPeople }: DecidedWith,
): Prediction {
  const [finest = [], general = [], words = []] = situation.names ?? [];
  const nameRecords: NameRecords = [recordsOf(finest), recordsOf(general), recordsOf(words)];
  const observation = {
    incident: id,
    service,
    title,
    urgency,
    // No history tells it.
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
      window,
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

/** Those that were ever written, as the ledger would give them. */
const recordsOf = (records: readonly TrackRecordBuilder[]) =>
  records.filter(({ version }) => version > 0).map((record) => record.toRecord());
