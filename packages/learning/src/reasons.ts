import { outOfRange } from "@mrdata/base";
import type { Feature } from "./feature-table.ts";

/** How much one known fact about an incident moved its prediction. */
export type Moved = {
  /** The features that express it together. */
  readonly features: readonly string[];
  /** For display: `the share of … that resolved themselves is 82 %`. */
  readonly sentence: string;
  /** In log odds for boosting, in probability for a forest; positive values favour self-resolving. */
  readonly contribution: number;
};

/** What moved a prediction, largest first. Features with one sentence (the time of day has two) are added up. */
export function movedBy(
  table: readonly Feature[],
  row: ArrayLike<number>,
  contributions: ArrayLike<number>,
): readonly Moved[] {
  const groups = new Map<string, { features: string[]; sentence: string; contribution: number }>();
  const isBorrowed = borrowedIn(table, row);
  for (const [i, feature] of table.entries()) {
    const value = isBorrowed(feature.name) ? Number.NaN : (row[i] ?? Number.NaN);
    const group = groups.get(feature.sentence) ?? {
      features: [],
      sentence: toldOf(feature, value),
      contribution: 0,
    };
    group.features.push(feature.name);
    group.contribution += contributions[i] ?? outOfRange();
    groups.set(feature.sentence, group);
  }
  return [...groups.values()]
    .filter(({ contribution }) => contribution !== 0)
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
}

/**
 * For a subject without outcomes these are its parent's numbers: presenting them as its own would contradict that it is
 * new.
 */
const BORROWED: ReadonlySet<string> = new Set([
  "rateEver",
  "rateMonth",
  "rateHour",
  "durationMonth",
  "durationHour",
]);

/** Whether a feature's value is borrowed, by the features that count each subject's known outcomes. */
function borrowedIn(table: readonly Feature[], row: ArrayLike<number>): (name: string) => boolean {
  const unseen = new Set(
    table.flatMap(({ name }, i) =>
      name.endsWith(".seen") && row[i] === 0 ? [name.slice(0, -".seen".length)] : [],
    ),
  );
  return (name) => {
    const dot = name.lastIndexOf(".");
    return unseen.has(name.slice(0, dot)) && BORROWED.has(name.slice(dot + 1));
  };
}

/** The largest contributions for display, one sentence per side; the side of the largest comes first. */
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
    case "component":
      return `${sentence} (${value < 0 ? "less" : "more"} than the mean title)`;
    case "weekday":
      return `${sentence} is ${weekdays[value] ?? "not known"}`;
    case "urgency":
      return `${sentence} is ${value === 1 ? "high" : "low"}`;
  }
}

const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** Seconds for display, in the largest unit that gives at least two. */
function durationText(seconds: number): string {
  const units = [
    [86_400, "days"],
    [3_600, "h"],
    [60, "min"],
  ] as const;
  const [size, unit] = units.find(([size]) => seconds >= 2 * size) ?? [1, "s"];
  return `${Math.round(seconds / size)} ${unit}`;
}
