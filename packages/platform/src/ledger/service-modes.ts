import type { Maintenance, Mode } from "@mrdata/incident";
import type { Decided, Settings } from "./settings.ts";

/** What the settings say of a service; null of one that nobody ever gave a mode. An id may be any text, "__proto__" too. */
export const serviceSettings = (settings: Settings, id: string): Settings["services"][string] | null =>
  Object.hasOwn(settings.services, id) ? (settings.services[id] ?? null) : null;

export const modeOf = (settings: Settings, id: string): Mode =>
  serviceSettings(settings, id)?.mode ?? "shadow";

/** When a service was given its mode, milliseconds since the epoch; 0, long ago, where nobody ever did. */
export const modeSince = (settings: Settings, id: string): number => serviceSettings(settings, id)?.at ?? 0;

/**
 * Gives a service a mode. To arm one ends a disarming of the whole bot, which has left no other service armed. Only
 * an armed service keeps a policy that the bot stands first on.
 *
 * @example
 * ```ts
 * import { defaultSettings } from "@mrdata/platform";
 *
 * const decided = { who: "robin", at: 0, why: "a quiet month" };
 * const armed = withMode(defaultSettings, "PDB", { mode: "armed", policy: "PARMED" }, decided);
 * armedServices(armed); // => ["PDB"]
 * armedServices(disarmAll(armed, decided)); // => []
 * ```
 */
export const withMode = (
  settings: Settings,
  id: string,
  given: { readonly mode: Mode; readonly policy: string | null },
  { who, at, why }: Decided,
): Settings => ({
  ...settings,
  disarmed: given.mode === "armed" ? null : settings.disarmed,
  services: {
    ...settings.services,
    [id]: {
      ...(Object.hasOwn(settings.services, id) ? settings.services[id] : {}),
      ...given,
      who,
      at,
      why,
    },
  },
});

/** Disarms one service: it is in shadow, with who, when and why; the policy stays known, for the bot may still be on it. */
export const disarmService = (settings: Settings, id: string, decided: Decided): Settings =>
  withMode(
    settings,
    id,
    {
      mode: "shadow",
      policy: serviceSettings(settings, id)?.policy ?? null,
    },
    decided,
  );

/** The kill switch: no service is armed afterwards, so that arming one again arms no other. */
export function disarmAll(settings: Settings, decided: Decided): Settings {
  const armed = Object.keys(settings.services).filter((id) => modeOf(settings, id) === "armed");
  return {
    ...armed.reduce((so, id) => disarmService(so, id, decided), settings),
    disarmed: { why: decided.why, who: decided.who, at: decided.at },
  };
}

/**
 * The settings as they are in this database: where they were written in another one, this is a restored copy, and nothing is armed
 * until a person arms it here. `home` is null on one machine, whose files are nowhere else.
 */
export function settingsAt(settings: Settings, home: string | null): Settings {
  if (home === null || settings.home === null || settings.home === home) return settings;
  if (armedServices(settings).length === 0) return settings;
  // Later than whatever was armed there, and the same however often it is read.
  const at = Math.max(...Object.values(settings.services).map((one) => one.at)) + 1;
  const why = `these settings were written in ${settings.home}, of which this is a copy: arm again what is to be armed here`;
  return disarmAll(settings, { who: "restore", at, why });
}

/** Ids of the services that are armed now; none while the whole bot is disarmed. */
export const armedServices = (settings: Settings): readonly string[] =>
  settings.disarmed === null
    ? Object.keys(settings.services).filter((id) => modeOf(settings, id) === "armed")
    : [];

/** Maintenance of a service, or of all, that touches the time from `from` to `to` (milliseconds since the epoch). */
export const maintenanceOf = (
  { maintenance }: Pick<Settings, "maintenance">,
  service: string | null,
  { from, to }: { readonly from: number; readonly to: number },
): readonly Maintenance[] =>
  maintenance
    .filter((one) => (one.service === null || one.service === service) && one.from < to && one.to > from)
    .map((one) => ({ start: one.from, end: one.to }));
