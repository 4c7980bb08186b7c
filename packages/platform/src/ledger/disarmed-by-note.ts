import { armedServices, disarmAll, disarmService, modeSince, serviceSettings } from "./service-modes.ts";
import type { Decided, Settings } from "./settings.ts";

/** Whether a note at PagerDuty decided it: PagerDuty's clock dates it, and not that of the machine that ran a command. */
const isByNote = ({ at, notedAt }: Decided): boolean => notedAt === at;

/** Whether `a` takes precedence over `b`: the later note does; ties are broken consistently. */
export const isLater = (a: Decided, b: Decided): boolean =>
  a.at !== b.at ? a.at > b.at : `${a.why} ${a.who}` > `${b.why} ${b.who}`;

/**
 * The settings after a person's `mrdata: disarm` written at `note.at`. The result does not depend on when, how often or in
 * which order with other notes it is processed: services armed before it, or at the same moment, are disarmed, and services armed
 * since stay armed. Both are dated by PagerDuty's clock. Null if it changes nothing.
 */
export function disarmedByNote(settings: Settings, note: Decided): Settings | null {
  const { disarmed } = settings;
  const decided = { ...note, notedAt: note.at };
  if (disarmed !== null && !isLater(decided, disarmed)) return null;
  const armed = armedServices(settings);
  const meant = armed.filter((id) => modeSince(settings, id) <= decided.at);
  /** A service disarmed by an earlier note records the later one, whatever the order of processing. */
  const again = Object.entries(settings.services).flatMap(([id, one]) =>
    one.mode === "shadow" && isByNote(one) && isLater(decided, one) ? [id] : [],
  );
  if (meant.length + again.length === 0 && armed.length > 0) return null;
  const each = [...meant, ...again].reduce((so, id) => disarmService(so, id, decided), settings);
  return meant.length === armed.length ? disarmAll(each, decided) : each;
}

/**
 * The time of an arming, milliseconds since the epoch: now, by PagerDuty's clock, but later than the note that it overrides, which
 * the person has seen. Of an arming and a note the later one counts. Other disarmings are dated by the clock of the machine that ran
 * the command, which may be ahead: an arming dated after them would override every note until then.
 */
export function armingAt(settings: Settings, id: string, now: number): number {
  const notes = [settings.disarmed, serviceSettings(settings, id)].flatMap((one) =>
    one !== null && isByNote(one) ? [one.at] : [],
  );
  return Math.max(now, ...notes.map((at) => at + 1));
}
