import type { Feature } from "./feature-table.ts";

/** How much one thing that is known of an incident moved its prediction. */
export type Moved = {
  /** Names of the features that say it together. */
  readonly features: readonly string[];
  /** For people: `the share of … that resolved themselves is 82 %`. */
  readonly sentence: string;
  /** In log odds for boosting, in probability for a forest; above 0 speaks for resolving itself. */
  readonly contribution: number;
};

/** What moved a prediction, the weightiest first. Features of one sentence (the time of the day is two) count together. */
export function movedBy(
  table: readonly Feature[],
  row: ArrayLike<number>,
  contributions: ArrayLike<number>,
): readonly Moved[] {
  const groups = new Map<string, { features: string[]; sentence: string; contribution: number }>();
  for (const [i, feature] of table.entries()) {
    const value = row[i] ?? Number.NaN;
    const group = groups.get(feature.sentence) ?? {
      features: [],
      sentence: toldOf(feature, value),
      contribution: 0,
    };
    group.features.push(feature.name);
    group.contribution += contributions[i] ?? 0;
    groups.set(feature.sentence, group);
  }
  return [...groups.values()]
    .filter(({ contribution }) => contribution !== 0)
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
}

/** The weightiest for people, in one sentence for each side; the side of the weightiest of all comes first. */
export function reasonsOf(moved: readonly Moved[], most = 3): readonly string[] {
  const sides = Map.groupBy(moved.slice(0, most), ({ contribution }) => contribution > 0);
  return [...sides].map(
    ([isFor, list]) =>
      `What speaks ${isFor ? "for" : "against"} it: ${list.map(({ sentence }) => sentence).join("; ")}.`,
  );
}

function toldOf({ sentence, type }: Feature, value: number): string {
  if (Number.isNaN(value)) return `${sentence} is not known`;
  switch (type) {
    case "share":
      return `${sentence} is ${Math.round(100 * value)} %`;
    case "log-count":
      return `${sentence}: ${Math.round(Math.expm1(value))}`;
    case "count":
      return `${sentence}: ${Math.round(value)}`;
    case "log-seconds":
      return `${sentence}: ${durationText(Math.expm1(value))}`;
    case "log-odds":
      return `${sentence}: ${Math.round(100 / (1 + Math.exp(-value)))} % resolve themselves`;
    case "number":
      return `${sentence} is ${Number(value.toPrecision(4))}`;
    case "time":
    case "words":
      return sentence;
    case "weekday":
      return `${sentence} is ${weekdays[value] ?? "not known"}`;
    case "urgency":
      return `${sentence} is ${value === 1 ? "high" : "low"}`;
  }
}

const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** Seconds for people, in the largest unit of which there are two. */
function durationText(seconds: number): string {
  const units = [
    [86_400, "days"],
    [3_600, "h"],
    [60, "min"],
  ] as const;
  const [size, unit] = units.find(([size]) => seconds >= 2 * size) ?? [1, "s"];
  return `${Math.round(seconds / size)} ${unit}`;
}
