import { commandOf, type IncidentEvent } from "@mrdata/incident";
import {
  armedServices,
  type Decided,
  defaultSettings,
  disarmedByNote,
  type Ledger,
  type Log,
  type Settings,
  UnreadableDocumentError,
} from "@mrdata/platform";

/** Anybody may disarm, except the bot itself. */
export const isDisarming = (event: IncidentEvent): boolean => commandOf(event) === "disarm";

const decidedBy = ({ incident, actor, actorId, occurredAt }: IncidentEvent): Decided => ({
  who: actorId ?? (actor === "human" ? "a person" : "a program"),
  at: occurredAt,
  why: `a note on ${incident}`,
});

/** The outcome of a note that disarms. */
export type Disarmed = {
  /** The settings under which these services' holds were made. */
  readonly before: Settings;
  /** The services that this note has disarmed, now or on an earlier delivery. */
  readonly services: readonly string[];
  /** The services armed after the note was written, which stay armed. */
  readonly armedSince: readonly string[];
  /** False where the settings cannot be read: nothing is held, and nothing is armed once they are readable again. */
  readonly isReadable: boolean;
};

/**
 * Records a note that disarms. Only the ledger is needed, and every function that receives the note does this, so that
 * neither PagerDuty nor one failing subscription can prevent it. Where the settings cannot be read or changed, the note
 * is stored beside them: they may be repaired long after the message was dead-lettered, and would then arm again what
 * it disarmed. Throws the ledger's errors, so that the note is redelivered, unless a retry could change nothing.
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

/** False where the ledger refuses this as well. */
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

/** The settings under which these services' holds were made. */
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
