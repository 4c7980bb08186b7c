import { outOfRange } from "@mrdata/base";
import { isDrillTitle, isNightIn, NIGHT_HOURS } from "@mrdata/incident";
import { type KnownIncident, type Ledger, outcomeOfKnown, type Settings } from "@mrdata/platform";
import { type ArmedUnder, type AsArmed, asArmed, type PastDecision } from "@mrdata/responder";
import { predictionOf } from "../incident-of.ts";
import { type AskPorts, askChampion, readPast } from "../past/ask-champion.ts";
import { whoIsAsked } from "../past/who-is-asked.ts";

export const MONTH = 30 * 86_400_000;

/** What the champion was asked of afterwards, because nothing had been decided of it. */
export type AskedAfterwards = {
  /** Who was asked; `rate`: the alert type's own rate. */
  readonly model: string;
  /** Why it said nothing; null where it did. */
  readonly refused: string | null;
  readonly incidents: number;
  /** Of these, those that it learnt from itself. */
  readonly learntFrom: number;
};

export type LastMonth = AsArmed & {
  readonly timeZone: string;
  /** The 30 days that are looked at, ISO 8601: the last that there are any incidents of. */
  readonly from: string;
  readonly to: string;
  /** Null where something had been decided of all of them. */
  readonly asked: AskedAfterwards | null;
};

type MonthPorts = Pick<AskPorts, "models"> & {
  readonly ledger: Pick<Ledger, "pastIncidents" | "prediction"> & AskPorts["ledger"];
};

type MonthOptions = Pick<ArmedUnder, "window"> & {
  readonly now: number;
  readonly timeZone: string;
  readonly settings: Settings;
  readonly progress?: (sentence: string) => void;
};

/**
 * What the last 30 days of a service would have been with the bot first: by the stored decisions, and where there are none, by what the
 * champion says now. `now` in milliseconds; where nothing opened in the 30 days before it, the 30 days to the last incident.
 */
export async function lastMonth(
  { ledger, models }: MonthPorts,
  service: string,
  { now, timeZone, settings, window, progress = () => {} }: MonthOptions,
): Promise<LastMonth> {
  const recent = await incidentsOf(ledger, service, now - MONTH);
  const to = recent.length > 0 ? now : ((await lastOpening(ledger, service)) ?? now);
  const known = recent.length > 0 ? recent : await incidentsOf(ledger, service, to - MONTH);
  const past: PastDecision[] = [];
  for (const one of known)
    past.push({
      openedAt: one.state.openedAt ?? to,
      closedAt: one.state.closedAt,
      prediction: await predictionOf(ledger, one.state.incident),
      outcome: outcomeOfKnown(one, { windowMs: window, settings }, now)?.outcome ?? null,
    });
  const undecided = new Set(known.flatMap(({ state }, i) => (past[i]?.prediction ? [] : [state.incident])));
  const days = { timeZone, from: new Date(to - MONTH).toISOString(), to: new Date(to).toISOString() };
  const counted = { window, caps: settings.caps, isNight: isNightIn(timeZone) };
  if (undecided.size === 0) return { ...asArmed(past, counted), ...days, asked: null };
  const all = await readPast(ledger, progress);
  const by = { settings, window };
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

/** When the last incident of a service opened, milliseconds; null where it had none. */
async function lastOpening(ledger: Pick<Ledger, "pastIncidents">, service: string): Promise<number | null> {
  const all = await incidentsOf(ledger, service, 0);
  return all.reduce<number | null>(
    (last, { state }) => Math.max(last ?? 0, state.openedAt ?? outOfRange()),
    null,
  );
}

const STALE = 86_400_000;

/** The same for people, a line each. `now` in milliseconds. */
export function monthLines(month: LastMonth, window: number, now: number): readonly string[] {
  const minutes = window / 60_000;
  const { incidents, held, spared, sparedByNight, misses, heldOtherwise, neededHuman, unpredicted } = month;
  if (incidents === 0)
    return ["No incident of it was ever recorded: nothing says what the bot would have done."];
  const day = month.to.slice(0, 10);
  return [
    now - Date.parse(month.to) < STALE
      ? `In the last 30 days it had ${incidents} incidents. Under this policy:`
      : `In the last 30 days it had no incident. In the 30 days to its last one, on ${day}, it had ${incidents}. Under this policy:`,
    `  ${month.pagedAtOnce} would have been paged at once${unpredicted === 0 ? "" : `, ${unpredicted} of them for want of a prediction`}`,
    `  ${held} would have been held, for ${minutes} minutes at the most`,
    `    ${spared} of these resolved themselves: nobody paged, ${sparedByNight} times by night (${NIGHT_HOURS}, ${month.timeZone})`,
    `    ${misses} needed a human: paged ${minutes} minutes late, of ${neededHuman} that needed one`,
    `    ${heldOtherwise} ended otherwise: paged ${minutes} minutes late, unless closed before`,
    `  ${month.minutesOfDelay} minutes of delay in all, at the most`,
    ...(month.asked === null ? [] : askedLines(month.asked)),
  ];
}

function askedLines({ model, refused, incidents, learntFrom }: AskedAfterwards): readonly string[] {
  if (refused !== null)
    return [`Of what came before the bot nothing was decided, and there is nobody to ask: ${refused}.`];
  return [
    `Of ${incidents} of these nothing was decided, for they came before the bot: ${whoIsAsked(model)} was asked what it would have said.`,
    ...(learntFrom === 0
      ? []
      : [
          `From ${learntFrom} of them it learnt, so that it knows more of these than it will of what comes: 'mrdata backtest' plays them with models that knew only what came before.`,
        ]),
  ];
}
