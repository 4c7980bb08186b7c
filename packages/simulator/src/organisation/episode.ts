import type { Severity } from "../pagerduty/index.ts";

export const episodeKinds = [
  "flap",
  "saturation",
  "batch",
  "deploy",
  "outage",
  "duplicate",
  "storm",
  "dying-monitor",
  "drift",
] as const;

export type EpisodeKind = (typeof episodeKinds)[number];

/** One thing that goes wrong in the world, whatever anybody makes of it. Times are milliseconds since the epoch. */
export type Episode = {
  readonly id: string;
  readonly kind: EpisodeKind;
  readonly service: string;
  readonly title: string;
  readonly severity: Severity;
  readonly startsAt: number;
  /** When the monitor sees recovery by itself; null if only a person's work brings it. */
  readonly clearsAt: number | null;
  /** The truth: left alone, it would not have got better. */
  readonly needsHuman: boolean;
  /** How long a person works on it, milliseconds. */
  readonly fix: number;
  /**
   * How it ends after a person's work: the monitor sees it, the person resolves it by hand, or the person forgets to
   * and remembers hours later.
   */
  readonly ending: "monitor" | "by-hand" | "forgotten";
  /** The episode of which this one is only a symptom: it clears soon after that one is fixed. */
  readonly symptomOf: string | null;
};
