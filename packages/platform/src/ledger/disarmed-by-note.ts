import { armedServices, disarmAll, disarmService, modeSince, serviceSettings } from "./service-modes.ts";
import type { Decided, Settings } from "./settings.ts";

/** How the reason of what a note disarmed begins; the incident follows. */
export const BY_NOTE = "a note on ";

/** Of two notes the later counts; of two at the same moment always the same one. */
export const isLater = (a: Decided, b: Decided): boolean =>
  a.at !== b.at ? a.at > b.at : `${a.why} ${a.who}` > `${b.why} ${b.who}`;

/**
 * The settings after a person's `mrdata: disarm` of the moment `decided.at`, heard however late or often and in
 * whatever order with others: what was armed before it, or at the same moment, is disarmed, and what a person armed since stays.
 * Both are dated by PagerDuty's clock. Null if it changes nothing.
 */
export function disarmedByNote(settings: Settings, decided: Decided): Settings | null {
  const { disarmed } = settings;
  if (disarmed !== null && !isLater(decided, disarmed)) return null;
  const armed = armedServices(settings);
  const meant = armed.filter((id) => modeSince(settings, id) <= decided.at);
  /** What an earlier note disarmed, this one would have: it tells of the later, in whatever order they are heard. */
  const again = Object.entries(settings.services).flatMap(([id, one]) =>
    one.mode === "shadow" && one.why.startsWith(BY_NOTE) && isLater(decided, one) ? [id] : [],
  );
  if (meant.length + again.length === 0 && armed.length > 0) return null;
  const each = [...meant, ...again].reduce((so, id) => disarmService(so, id, decided), settings);
  return meant.length === armed.length ? disarmAll(each, decided) : each;
}

/**
 * When an arming is decided, milliseconds: now, by PagerDuty's clock, but after the note that it ends, which its person has seen.
 * Of an arming and a note the later counts. What was disarmed otherwise is dated by whatever clock its command had, which may be
 * ahead: an arming dated by that would outlive every note until then.
 */
export function armingAt(settings: Settings, id: string, now: number): number {
  const ended = [settings.disarmed, serviceSettings(settings, id)];
  const notes = ended.filter((one) => one?.why.startsWith(BY_NOTE));
  return Math.max(now, ...notes.map((one) => (one === null ? now : one.at + 1)));
}
