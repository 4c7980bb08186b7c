import { isDrillTitle, isNightIn, NIGHT_HOURS } from "@mrdata/incident";
import { type Ledger, outcomeOfKnown, type Settings } from "@mrdata/platform";
import { type ArmedUnder, type AsArmed, asArmed, type PastDecision } from "@mrdata/responder";
import { predictionOf } from "../incident-of.ts";

export const MONTH = 30 * 86_400_000;

export type LastMonth = AsArmed & { readonly timeZone: string };

/** What the last 30 days of a service would have been with the bot first. `now` in milliseconds. */
export async function lastMonth(
  ledger: Pick<Ledger, "pastIncidents" | "prediction">,
  service: string,
  {
    now,
    timeZone,
    settings,
    window,
  }: Pick<ArmedUnder, "window"> & {
    readonly now: number;
    readonly timeZone: string;
    readonly settings: Pick<Settings, "caps" | "maintenance">;
  },
): Promise<LastMonth> {
  const under: ArmedUnder = { window, caps: settings.caps };
  const isNight = isNightIn(timeZone);
  const past: PastDecision[] = [];
  for await (const known of ledger.pastIncidents({ since: now - MONTH })) {
    const { state } = known;
    if (state.service !== service || state.openedAt === null || isDrillTitle(state.title)) continue;
    past.push({
      openedAt: state.openedAt,
      closedAt: state.closedAt,
      prediction: await predictionOf(ledger, state.incident),
      outcome: outcomeOfKnown(known, { windowMs: window, settings }, now)?.outcome ?? null,
    });
  }
  return { ...asArmed(past, { ...under, isNight }), timeZone };
}

/** The same for people, a line each. */
export function monthLines(month: LastMonth, window: number): readonly string[] {
  const minutes = window / 60_000;
  const { incidents, held, spared, sparedByNight, misses, heldOtherwise, neededHuman, unpredicted } = month;
  if (incidents === 0)
    return [
      "In the last 30 days it had no incident that was recorded: nothing says what the bot would have done.",
    ];
  return [
    `In the last 30 days it had ${incidents} incidents. Under this policy, as far as the stored decisions tell:`,
    `  ${month.pagedAtOnce} would have been paged at once${unpredicted === 0 ? "" : `, ${unpredicted} of them for want of a prediction`}`,
    `  ${held} would have been held, for ${minutes} minutes at the most`,
    `    ${spared} of these resolved themselves: nobody paged, ${sparedByNight} times by night (${NIGHT_HOURS}, ${month.timeZone})`,
    `    ${misses} needed a human: paged ${minutes} minutes late, of ${neededHuman} that needed one`,
    `    ${heldOtherwise} ended otherwise: paged ${minutes} minutes late, unless closed before`,
    `  ${month.minutesOfDelay} minutes of delay in all, at the most`,
    ...(unpredicted === 0
      ? []
      : [
          "What came before the bot nobody predicted: 'mrdata backtest' plays that with a model of the past.",
        ]),
  ];
}
