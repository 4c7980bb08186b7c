import type { Maintenance, Mode } from "@mrdata/incident";
import type { Decided, Settings } from "./settings.ts";

/** The settings of a service; null if it was never given a mode. An id may be any text, even "__proto__". */
export const serviceSettings = (settings: Settings, id: string): Settings["services"][string] | null =>
  Object.hasOwn(settings.services, id) ? (settings.services[id] ?? null) : null;

export const modeOf = (settings: Settings, id: string): Mode =>
  serviceSettings(settings, id)?.mode ?? "shadow";

/** When a service was given its mode, milliseconds since the epoch; 0 if it never was. */
export const modeSince = (settings: Settings, id: string): number => serviceSettings(settings, id)?.at ?? 0;

/**
 * Gives a service a mode. Arming a service ends a disarming of the whole bot, which has left no other service armed. Only
 * an armed service keeps the policy on which the bot comes first.
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
  decided: Decided,
): Settings => {
  const { notedAt: _, ...before } = serviceSettings(settings, id) ?? {};
  return {
    ...settings,
    disarmed: given.mode === "armed" ? null : settings.disarmed,
    services: { ...settings.services, [id]: { ...before, ...given, ...fieldsOf(decided) } },
  };
};

/** Without what else the object may carry. */
const fieldsOf = ({ who, at, why, notedAt }: Decided): Decided => ({
  who,
  at,
  why,
  ...(notedAt !== undefined && { notedAt }),
});

/** Disarms one service: it goes to shadow mode, with who, when and why. The policy is kept, because the bot may still be on it. */
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

/** The kill switch: disarms every service, so that arming one again arms no other. */
export function disarmAll(settings: Settings, decided: Decided): Settings {
  const armed = Object.keys(settings.services).filter((id) => modeOf(settings, id) === "armed");
  return {
    ...armed.reduce((so, id) => disarmService(so, id, decided), settings),
    disarmed: fieldsOf(decided),
  };
}

/**
 * The settings as they apply in this database. If they were written in another one, this is a restored copy, and nothing is armed
 * until a person arms it here. `home` is null on one machine, where copies are not detected.
 */
export function settingsAt(settings: Settings, home: string | null): Settings {
  if (home === null || settings.home === null || settings.home === home) return settings;
  if (armedServices(settings).length === 0) return settings;
  // Later than every arming there, and the same on every read.
  const at = Math.max(...Object.values(settings.services).map((one) => one.at)) + 1;
  const why = `these settings were written in ${settings.home}, of which this is a copy: arm again what is to be armed here`;
  return disarmAll(settings, { who: "restore", at, why });
}

/** Ids of the armed services; none while the whole bot is disarmed. */
export const armedServices = (settings: Settings): readonly string[] =>
  settings.disarmed === null
    ? Object.keys(settings.services).filter((id) => modeOf(settings, id) === "armed")
    : [];

/** Maintenance of a service, or of all, that overlaps the time from `from` to `to` (milliseconds since the epoch). */
export const maintenanceOf = (
  { maintenance }: Pick<Settings, "maintenance">,
  service: string | null,
  { from, to }: { readonly from: number; readonly to: number },
): readonly Maintenance[] =>
  maintenance
    .filter((one) => (one.service === null || one.service === service) && one.from < to && one.to > from)
    .map((one) => ({ start: one.from, end: one.to }));
