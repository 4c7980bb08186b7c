import { outOfRange } from "@mrdata/base";
import { isDrillTitle, isNightIn, NIGHT_HOURS } from "@mrdata/incident";
import { type KnownIncident, type Ledger, outcomeOfKnown, type Settings } from "@mrdata/platform";
import { type ArmedUnder, type AsArmed, asArmed, type PastDecision } from "@mrdata/responder";
import { predictionOf } from "../incident-of.ts";
import { type AskPorts, askChampion, readPast } from "../past/ask-champion.ts";
import { predictorPhrase } from "../past/predictor-phrase.ts";

export const MONTH_MS = 30 * 86_400_000;

/** Incidents without a stored decision, for which the champion was queried in retrospect. The keys are those of `--json`. */
export type AskedAfterwards = {
  /** The model version that was queried; `rate`: the alert type's historical rate. */
  readonly model: string;
  /** Why it gave no predictions; null if it did. */
  readonly refused: string | null;
  readonly incidents: number;
  /** How many of these were in its own training data. */
  readonly learntFrom: number;
};

export type LastMonth = AsArmed & {
  readonly timeZone: string;
  /** The 30 days covered, ISO 8601: the most recent ones with any incidents. */
  readonly from: string;
  readonly to: string;
  /** Null if every incident has a stored decision. */
  readonly asked: AskedAfterwards | null;
};

type MonthPorts = Pick<AskPorts, "models"> & {
  readonly ledger: Pick<Ledger, "pastIncidents" | "prediction"> & AskPorts["ledger"];
};

type MonthOptions = Pick<ArmedUnder, "windowMs"> & {
  readonly now: number;
  readonly timeZone: string;
  readonly settings: Settings;
  readonly progress?: (sentence: string) => void;
};

/**
 * Replays the last 30 days of a service as if the bot had been first on call: from the stored decisions and, where there are none, from
 * the champion's predictions today. `now` in milliseconds. If nothing opened in that period, the 30 days up to the last incident.
 */
export async function lastMonth(
  { ledger, models }: MonthPorts,
  service: string,
  { now, timeZone, settings, windowMs, progress = () => {} }: MonthOptions,
): Promise<LastMonth> {
  const recent = await incidentsOf(ledger, service, now - MONTH_MS);
  const to = recent.length > 0 ? now : ((await lastOpenedAt(ledger, service)) ?? now);
  const known = recent.length > 0 ? recent : await incidentsOf(ledger, service, to - MONTH_MS);
  const past: PastDecision[] = [];
  for (const one of known)
    past.push({
      openedAt: one.state.openedAt ?? to,
      closedAt: one.state.closedAt,
      prediction: await predictionOf(ledger, one.state.incident),
      outcome: outcomeOfKnown(one, { windowMs, settings }, now)?.outcome ?? null,
    });
  const undecided = new Set(known.flatMap(({ state }, i) => (past[i]?.prediction ? [] : [state.incident])));
  const days = { timeZone, from: new Date(to - MONTH_MS).toISOString(), to: new Date(to).toISOString() };
  const counted = { windowMs, caps: settings.caps, isNight: isNightIn(timeZone) };
  if (undecided.size === 0) return { ...asArmed(past, counted), ...days, asked: null };
  const all = await readPast(ledger, progress);
  const by = { settings, windowMs };
  const said = await askChampion({ ledger, models }, all, ({ id }) => undecided.has(id), by);
  const whole = past.map((one, i) => ({
    ...one,
    prediction: one.prediction ?? said.said.get(known[i]?.state.incident ?? outOfRange()) ?? null,
  }));
  const { learntUntil } = said;
  const learntFrom = all.incidents.filter(
    ({ id, createdAt }) => undecided.has(id) && learntUntil !== null && createdAt <= learntUntil,
  ).length;
  const asked = { model: said.model, refused: said.refused, incidents: said.said.size, learntFrom };
  return { ...asArmed(whole, counted), ...days, asked };
}

type Known = NonNullable<KnownIncident>;

async function incidentsOf(
  ledger: Pick<Ledger, "pastIncidents">,
  service: string,
  since: number,
): Promise<readonly Known[]> {
  const found: Known[] = [];
  for await (const known of ledger.pastIncidents({ since })) {
    const { state } = known;
    if (state.service === service && state.openedAt !== null && !isDrillTitle(state.title)) found.push(known);
  }
  return found;
}

/** When a service's last incident opened, in milliseconds since the epoch; null if it never had one. */
async function lastOpenedAt(ledger: Pick<Ledger, "pastIncidents">, service: string): Promise<number | null> {
  const all = await incidentsOf(ledger, service, 0);
  return all.reduce<number | null>(
    (last, { state }) => Math.max(last ?? 0, state.openedAt ?? outOfRange()),
    null,
  );
}

const STALE_AFTER_MS = 86_400_000;

/** The result as lines of text. `windowMs` and `now` in milliseconds. */
export function monthLines(month: LastMonth, windowMs: number, now: number): readonly string[] {
  const minutes = windowMs / 60_000;
  const { incidents, held, spared, sparedByNight, misses, heldOtherwise, neededHuman, unpredicted } = month;
  if (incidents === 0)
    return ["No incident of it was ever recorded: nothing says what the bot would have done."];
  const day = month.to.slice(0, 10);
  return [
    now - Date.parse(month.to) < STALE_AFTER_MS
      ? `In the last 30 days it had ${incidents} incidents. Under this policy:`
      : `In the last 30 days it had no incident. In the 30 days to its last one, on ${day}, it had ${incidents}. Under this policy:`,
    `  ${month.pagedAtOnce} would have been paged at once${unpredicted === 0 ? "" : `, ${unpredicted} of them for want of a prediction`}`,
    `  ${held} would have been held, for ${minutes} minutes at the most`,
    `    ${spared} of these resolved themselves: nobody paged, ${sparedByNight} times by night (${NIGHT_HOURS}, ${month.timeZone})`,
    `    ${misses} needed a human: paged ${minutes} minutes late, of ${neededHuman} that needed one`,
    `    ${heldOtherwise} ended otherwise: paged ${minutes} minutes late, unless closed before`,
    `  ${month.minutesOfDelay} minutes of delay in all, at the most`,
    ...(month.asked === null ? [] : retrospectLines(month.asked)),
  ];
}

function retrospectLines({ model, refused, incidents, learntFrom }: AskedAfterwards): readonly string[] {
  if (refused !== null)
    return [`Of what came before the bot nothing was decided, and there is nobody to ask: ${refused}.`];
  return [
    `Of ${incidents} of these nothing was decided, for they came before the bot: ${predictorPhrase(model)} was asked what it would have said.`,
    ...(learntFrom === 0
      ? []
      : [
          `From ${learntFrom} of them it learnt, so that it knows more of these than it will of what comes: 'mrdata backtest' plays them with models that knew only what came before.`,
        ]),
  ];
}
