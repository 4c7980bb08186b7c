import type { Actor, Urgency } from "@mrdata/incident";

/** An incident of the past as a history file tells it. Times are milliseconds since the epoch. */
export type PastIncident = {
  readonly id: string;
  readonly service: string;
  readonly title: string;
  readonly createdAt: number;
  /** Null while it was never seen to end. */
  readonly resolvedAt: number | null;
  /** Who closed it; null where nobody did, or nobody is named. */
  readonly resolvedBy: Actor | null;
  readonly urgency: Urgency;
  /** Whatever else was known when it opened: numbers become features, texts keys of track records. */
  readonly details: Readonly<Record<string, number | string>>;
};

/** In order of opening, then id: the order in which everything is replayed. */
export const comparePast = (a: PastIncident, b: PastIncident): number =>
  a.createdAt - b.createdAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** True if the integration closed it within the window (milliseconds). Whatever is not known counts as not. */
export const selfResolved = ({ createdAt, resolvedAt, resolvedBy }: PastIncident, window: number): boolean =>
  resolvedAt !== null && resolvedBy === "integration" && resolvedAt - createdAt <= window;

/** When the label is known: at the closing or the window's end, whichever is first, and a second after opening at least. */
export const knownAt = ({ createdAt, resolvedAt }: PastIncident, window: number): number =>
  createdAt + Math.max(1_000, Math.min(resolvedAt === null ? window : resolvedAt - createdAt, window));
