import type { HoldChoices } from "./hold-choices.ts";

const percent = (share: number): string => `${Number((100 * share).toFixed(1))} %`;
const minutes = (seconds: number): string => `${Number((seconds / 60).toFixed(2))} min`;

/** Rounds a count shown as "about" to two significant digits. */
export const about = (count: number): string => Number(count.toPrecision(2)).toLocaleString("en");

/** "To hold anything: about 2,300 more incidents, or a miss budget of 15 %, or a window of 10 min (held from 92.4 % on)." */
export function needsSentence({
  needs,
  windowSeconds,
  real,
}: Pick<HoldChoices, "needs" | "windowSeconds" | "real">): string {
  if (real === 0)
    return "Nothing can be promised of a past without any incident that needed a human. Leave the bot in annotate until there were some.";
  const { moreIncidents, missBudget, windowsSeconds, windowsFrom } = needs;
  if (moreIncidents === 0) return "Something is held with these settings.";
  const others = windowsSeconds.flatMap((seconds, i) => {
    const from = windowsFrom[i];
    return seconds === windowSeconds || from === undefined
      ? []
      : [`${minutes(seconds)} (held from ${percent(from)} on)`];
  });
  const ways = [
    ...(moreIncidents === null ? [] : [`about ${about(moreIncidents)} more incidents of this kind`]),
    ...(missBudget === null ? [] : [`a miss budget of ${percent(missBudget)} (mrdata settings missBudget)`]),
    ...(others.length === 0 ? [] : [`a window of ${others.join(" or ")}`]),
  ];
  return ways.length === 0
    ? "Nothing that could be set would let anything of this be held: no sureness was right often enough. Leave the bot in annotate, and come back with a longer past."
    : `To hold anything: ${ways.join(", or ")}.`;
}
