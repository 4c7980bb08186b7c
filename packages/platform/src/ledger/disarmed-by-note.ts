import {
  armedServices,
  type Decided,
  disarmAll,
  disarmService,
  modeSince,
  type Settings,
} from "./settings.ts";

/** Who arms has another clock than PagerDuty, by which notes are dated: so far they may be apart, milliseconds. */
const CLOCKS_APART = 10 * 60_000;

/** How the reason of what a note disarmed begins; the incident follows. */
export const BY_NOTE = "a note on ";

/** Of two notes the later counts; of two at the same moment always the same one. */
export const isLater = (a: Decided, b: Decided): boolean =>
  a.at !== b.at ? a.at > b.at : `${a.why} ${a.who}` > `${b.why} ${b.who}`;

/** True if the note was written after the service was armed, or at the same moment; in doubt, while that arming is dated in the future, too. */
const isMeant = (said: number, armedAt: number, now: number): boolean =>
  armedAt <= said || (armedAt > now && armedAt - said <= CLOCKS_APART);

/**
 * The settings after a person's `mrdata: disarm` of the moment `decided.at`, heard at `now`, however late or often and
 * in whatever order with others: what was armed before it is disarmed, and what a person armed since stays. Null if it
 * changes nothing.
 */
export function disarmedByNote(settings: Settings, decided: Decided, now: number): Settings | null {
  const { disarmed } = settings;
  if (disarmed !== null && !isLater(decided, disarmed)) return null;
  const armed = armedServices(settings);
  const meant = armed.filter((id) => isMeant(decided.at, modeSince(settings, id), now));
  /** What an earlier note disarmed, this one would have: it tells of the later, in whatever order they are heard. */
  const again = Object.entries(settings.services).flatMap(([id, one]) =>
    one.mode === "shadow" && one.why.startsWith(BY_NOTE) && isLater(decided, one) ? [id] : [],
  );
  if (meant.length + again.length === 0 && armed.length > 0) return null;
  const each = [...meant, ...again].reduce((so, id) => disarmService(so, id, decided), settings);
  return meant.length === armed.length ? disarmAll(each, decided) : each;
}
