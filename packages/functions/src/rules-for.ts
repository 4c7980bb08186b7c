import {
  type Ledger,
  type Log,
  modeOf,
  type Settings,
  serviceSettings,
  UnreadableDocumentError,
} from "@mrdata/platform";
import { problemsOfStoredRails, type Rules } from "@mrdata/responder";
import { reasonOf } from "@mrdata/runtime";

/** What the settings say of one service. */
export const rulesFor = (settings: Settings, service: string): Rules => ({
  ...settings,
  mode: modeOf(settings, service),
  policy: serviceSettings(settings, service)?.policy ?? null,
});

/** Says where nothing is held because of a guard rail's setting: the guard rails and `isLiveHold` see to it. */
function saidOf(settings: Settings, log: Log): Settings {
  for (const problem of problemsOfStoredRails(settings.rails))
    log({ severity: "ERROR", event: "settings.rail-unreadable", reason: `nothing is held: ${problem}` });
  return settings;
}

/** Null when the settings cannot be read: then there is no armed service, and nothing is held. */
export async function readSettings(ledger: Pick<Ledger, "settings">, log: Log): Promise<Settings | null> {
  try {
    return saidOf(await ledger.settings(), log);
  } catch (error) {
    log({ severity: "ERROR", event: "settings.unreadable", reason: reasonOf(error) });
    return null;
  }
}

/**
 * For what must not be forgotten: null only where what is stored cannot be read, for then nothing is held and every
 * sweep pages. Rejects where the ledger fails, so that the message comes again: for a moment nothing could be read, and the
 * holds are there still.
 */
export async function readSettingsOrFail(
  ledger: Pick<Ledger, "settings">,
  log: Log,
): Promise<Settings | null> {
  try {
    return saidOf(await ledger.settings(), log);
  } catch (error) {
    if (!(error instanceof UnreadableDocumentError)) throw error;
    log({ severity: "ERROR", event: "settings.unreadable", reason: reasonOf(error) });
    return null;
  }
}
