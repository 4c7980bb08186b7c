import { commandOf, type IncidentEvent } from "@mrdata/incident";
import {
  armedServices,
  BY_NOTE,
  type Decided,
  defaultSettings,
  disarmedByNote,
  type Ledger,
  type Log,
  type Settings,
  UnreadableDocumentError,
} from "@mrdata/platform";

/** Whoever says it, but the bot itself. */
export const isDisarming = (event: IncidentEvent): boolean => commandOf(event) === "disarm";

const decidedBy = ({ incident, actor, actorId, occurredAt }: IncidentEvent): Decided => ({
  who: actorId ?? (actor === "human" ? "a person" : "a program"),
  at: occurredAt,
  why: `${BY_NOTE}${incident}`,
});

/** What came of a note that disarms. */
export type Disarmed = {
  /** The settings by which the holds of these services were made. */
  readonly before: Settings;
  /** Those that this note has disarmed, this time or before. */
  readonly services: readonly string[];
  /** Those that were armed after it was written, and stay armed. */
  readonly armedSince: readonly string[];
  /** False where the settings cannot be read: nothing is held, and nothing is armed once somebody can read them. */
  readonly isReadable: boolean;
};

/**
 * Keeps a note that disarms. It needs the ledger and nothing else, and every function that is told of the note does it, so that
 * neither PagerDuty nor one subscription that fails stands in its way. Where the settings cannot be read or changed, it is kept
 * beside them: they may be mended long after the message is a dead letter, and would arm again what it disarms. Throws as the
 * ledger does, unless waiting would change nothing: then the note comes again.
 */
export async function keepDisarming(event: IncidentEvent, ports: DisarmPorts): Promise<Disarmed> {
  const decided = decidedBy(event);
  try {
    return await disarmNow(decided, ports);
  } catch (error) {
    if (!(await isKeptBeside(decided, ports)) || !(error instanceof UnreadableDocumentError)) throw error;
    return { before: defaultSettings, services: [], armedSince: [], isReadable: false };
  }
}

async function disarmNow(decided: Decided, { ledger, log }: DisarmPorts): Promise<Disarmed> {
  const read = await ledger.settings();
  const changes = disarmedByNote(read, decided) !== null;
  const after = changes
    ? await ledger.changeSettings((settings) => disarmedByNote(settings, decided) ?? settings)
    : read;
  if (changes) log({ severity: "WARNING", event: "bot.disarmed", who: decided.who, why: decided.why });
  const services = Object.entries(after.services).flatMap(([id, { mode, at, why }]) =>
    mode === "shadow" && at === decided.at && why === decided.why ? [id] : [],
  );
  return {
    before: asArmed(after, services),
    services,
    armedSince: armedServices(after),
    isReadable: true,
  };
}

/** False where the ledger does not take it either. */
async function isKeptBeside(decided: Decided, { ledger, log }: DisarmPorts): Promise<boolean> {
  try {
    await ledger.noteDisarming(decided);
  } catch {
    return false;
  }
  const why = `${decided.why}, kept until the settings can be read`;
  log({ severity: "WARNING", event: "bot.disarmed", who: decided.who, why });
  return true;
}

export type DisarmPorts = {
  readonly ledger: Pick<Ledger, "settings" | "changeSettings" | "noteDisarming">;
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
