import { feedbackOf, type IncidentEvent, wordOf } from "@mrdata/incident";
import {
  armedServices,
  type Clock,
  type Decided,
  disarmAll,
  disarmService,
  type Ledger,
  type Log,
  modeSince,
  type Settings,
} from "@mrdata/platform";

/** Who arms has another clock than PagerDuty, by which notes are dated: so far they may be apart, milliseconds. */
const CLOCKS_APART = 10 * 60_000;

const BY_NOTE = "a note on ";

/** Of two notes the later counts; of two at the same moment always the same one. */
const isLater = (a: Decided, b: Decided): boolean =>
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

export const isDisarming = (event: IncidentEvent): boolean => wordOf(feedbackOf(event)) === "disarm";

const decidedBy = ({ incident, actorId, occurredAt }: IncidentEvent): Decided => ({
  who: actorId ?? "a person",
  at: occurredAt,
  why: `${BY_NOTE}${incident}`,
});

/**
 * Keeps a note that disarms. It needs the ledger and nothing else, and every function that is told of the note does it, so that
 * neither PagerDuty nor one subscription that fails stands in its way. Answers with the services that this note has
 * disarmed, this time or before, as they were armed. Throws as the ledger does: then the note comes again.
 */
export async function keepDisarming(
  event: IncidentEvent,
  { ledger, clock, log }: DisarmPorts,
): Promise<{ readonly before: Settings; readonly services: readonly string[] }> {
  const decided = decidedBy(event);
  const now = clock.now();
  // What cannot be read now is armed again once it can be: then this throws, and the word comes again until it is kept.
  const read = await ledger.settings();
  const changes = disarmedByNote(read, decided, now) !== null;
  const after = changes
    ? await ledger.changeSettings((settings) => disarmedByNote(settings, decided, now) ?? settings)
    : read;
  if (changes) log({ severity: "WARNING", event: "bot.disarmed", who: decided.who, why: decided.why });
  const services = Object.entries(after.services).flatMap(([id, { mode, at, why }]) =>
    mode === "shadow" && at === decided.at && why === decided.why ? [id] : [],
  );
  return { before: asArmed(after, services), services };
}

export type DisarmPorts = {
  readonly ledger: Pick<Ledger, "settings" | "changeSettings">;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
};

/** The settings by which these services' holds were made. */
const asArmed = (settings: Settings, services: readonly string[]): Settings => ({
  ...settings,
  disarmed: null,
  services: Object.fromEntries(
    Object.entries(settings.services).map(([id, one]) => [
      id,
      services.includes(id) && one.policy !== null ? { ...one, mode: "armed" as const } : one,
    ]),
  ),
});
