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

/** The settings that apply to one service. */
export const rulesFor = (settings: Settings, service: string): Rules => ({
  ...settings,
  mode: modeOf(settings, service),
  policy: serviceSettings(settings, service)?.policy ?? null,
});

/** Logs where a guard rail's setting prevents all holds: the guard rails and `isLiveHold` enforce it. */
function saidOf(settings: Settings, log: Log): Settings {
  for (const problem of problemsOfStoredRails(settings.rails))
    log({ severity: "ERROR", event: "settings.rail-unreadable", reason: `nothing is held: ${problem}` });
  return settings;
}

/** Null when the settings cannot be read: then no service is armed, and nothing is held. */
export async function readSettings(ledger: Pick<Ledger, "settings">, log: Log): Promise<Settings | null> {
  try {
    return saidOf(await ledger.settings(), log);
  } catch (error) {
    log({ severity: "ERROR", event: "settings.unreadable", reason: reasonOf(error) });
    return null;
  }
}

/**
 * For callers that must not lose anything: null only where what is stored is unreadable, for then nothing is held and
 * every sweep pages. Rejects where the ledger fails, so that the message is redelivered: that failure is temporary, and
 * the holds still exist.
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
