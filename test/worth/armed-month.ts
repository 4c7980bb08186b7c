import type { IncidentEvent, PastIncident, Prediction } from "@mrdata/incident";
import { pastOf, selfResolved, timelineOf, wasMerged } from "@mrdata/incident";
import { featureTable, replayHistory, trainVersion, usualRule, writeVersion } from "@mrdata/learning";
import { armedServices, defaultSettings, type LogEntry, type Settings } from "@mrdata/platform";
import { createOrganisation, driveOrganisation, historyOf, type Organisation } from "@mrdata/simulator";
import { createSimulation, TOKEN } from "../simulation/simulated-bot.ts";
import { modelsOf } from "../support/trained-version.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const WINDOW = 5 * MINUTE;
/** A Monday morning, when the month begins. */
export const START = Date.parse("2026-02-02T08:00:00Z");
export const DAYS = 30;
/** What the model has to learn from: so many days before. */
const LEARNT_DAYS = 60;
/** Until what opened last has come to its end. */
const AFTERMATH = 6 * HOUR;

/** One incident of the month, and what the bot did. Times are milliseconds since the epoch. */
export type Lived = {
  readonly past: PastIncident;
  /** 1: it resolved itself within the window. */
  readonly label: 0 | 1;
  /** The alert type's own smoothed rate when it opened. */
  readonly rate: number;
  readonly held: boolean;
  /** Whether a person was ever told of it. */
  readonly paged: boolean;
  /** Null where the bot was never told of it. */
  readonly prediction: Prediction | null;
};

export type Month = {
  readonly lived: readonly Lived[];
  /** Of the version that held: how it was trained. */
  readonly threshold: number | null;
  readonly learntFrom: number;
  /** How often the bot disarmed itself, and how often a person armed it. */
  readonly disarmings: number;
  readonly armings: number;
};

export type MonthOptions = { readonly seed: number; readonly progress: (sentence: string) => void };

/**
 * A month of the made-up organisation with the bot armed on every service: all functions, guard rails and the sweep on
 * a discrete clock, a model that was trained on the sixty days before, and its threshold from those days too. When the
 * bot disarms itself it stays off until the next morning.
 */
export async function armedMonth({ seed, progress }: MonthOptions): Promise<Month> {
  const from = START - LEARNT_DAYS * DAY;
  const to = START + DAYS * DAY;
  const organisationWith = (bot: { readonly timeoutMinutes: number } | null): Organisation =>
    createOrganisation({ seed, from, to, bot });
  progress(`${LEARNT_DAYS} days of the organisation without the bot`);
  const history = await historyOf(organisationWith(null), { seed, from, to: START });
  const learnt = pastsOf(history);
  progress(`training on ${learnt.length} incidents`);
  const trained = await trainVersion(learnt, {
    windowMs: WINDOW,
    refits: 4,
    seed,
    // As `mrdata train` has it unless told otherwise.
    rule: { ...usualRule, missBudget: defaultSettings.missBudget },
    now: START,
    progress,
  });

  const organisation = organisationWith({ timeoutMinutes: WINDOW / MINUTE });
  const disarmings: LogEntry[] = [];
  const { clock, pagerduty, ledger, close } = await createSimulation({
    account: { ...organisation.account, restTokens: [{ token: TOKEN, scopes: "full" }] },
    bot: organisation.bot,
    fallbackPolicy: organisation.fallbackPolicy,
    start: START,
    seed: seed + 10_000,
    window: "5m",
    models: modelsOf({ v1: writeVersion(trained, () => "<!doctype html>") }),
    sweeps: true,
    checks: true,
    log: (entry) => {
      if (entry.event === "budget.spent" || entry.event === "check.failed") disarmings.push(entry);
    },
  });
  try {
    for (const event of history) await ledger.recordEvent(event, { windowMs: WINDOW });
    await ledger.promote("v1");
    await ledger.saveSettings(armedEverywhere(organisation, START));
    pagerduty.faults.set({ webhookLatency: 300, restLatency: 60 });
    driveOrganisation({ organisation, seed, pagerduty, clock, from: START, to });
    let armings = 1;
    for (let day = 1; day <= DAYS; day++) {
      await clock.run(START + day * DAY);
      // Whoever comes to work finds that the bot has disarmed itself, reads the misses, and arms it again.
      if (
        armedServices(await ledger.settings()).length < organisation.account.services.length &&
        day < DAYS
      ) {
        await ledger.saveSettings(armedEverywhere(organisation, clock.now()));
        armings++;
      }
      progress(`day ${day}: ${pagerduty.incidents().length} incidents`);
    }
    await clock.run(to + AFTERMATH);

    const told = new Set(pagerduty.notifications.flatMap(({ bot, incident }) => (bot ? [] : [incident])));
    const events: IncidentEvent[] = [];
    for await (const past of ledger.pastIncidents({ since: START })) events.push(...past.events);
    const pasts = pastsOf(events).filter((one) => one.createdAt < to && !wasMerged(one, WINDOW));
    const rates = ratesOf([...learnt, ...pasts]);
    const lived: Lived[] = [];
    for (const past of pasts) {
      const prediction = await ledger.prediction(past.id);
      lived.push({
        past,
        label: selfResolved(past, WINDOW) ? 1 : 0,
        rate: rates.get(past.id) ?? 0.5,
        held: prediction !== null && prediction.holdUntil !== null,
        paged: told.has(past.id),
        prediction,
      });
    }
    const { threshold, incidents: learntFrom } = trained.card;
    return { lived, threshold, learntFrom, disarmings: disarmings.length, armings };
  } finally {
    await close();
  }
}

const pastsOf = (events: readonly IncidentEvent[]): readonly PastIncident[] =>
  [...Map.groupBy(events, ({ incident }) => incident).values()].flatMap(
    (list) => pastOf(timelineOf(list)) ?? [],
  );

/** The own rate of each incident's alert type at the moment it opened, by the reducer that serving uses. */
function ratesOf(history: readonly PastIncident[]): ReadonlyMap<string, number> {
  const details = { numbers: [], texts: [] };
  const { incidents, columns } = replayHistory(history, WINDOW, details);
  const rates = columns[featureTable(details).findIndex(({ name }) => name === "alert-type.rateEver")];
  if (rates === undefined) throw new Error("there is no feature of the alert type's own rate");
  return new Map(incidents.map(({ id }, i) => [id, rates[i] ?? 0.5]));
}

const armedEverywhere = ({ account }: Organisation, at: number): Settings => ({
  ...defaultSettings,
  services: Object.fromEntries(
    account.services.map(({ id, policyId }) => [
      id,
      { mode: "armed", policy: policyId, who: "PROBIN", at, why: "the month" },
    ]),
  ),
});
