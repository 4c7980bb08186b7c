import type { Settings } from "@mrdata/platform";

/** The zone in which to show times: the requested one, else that of the bot's hours, else UTC. */
export const zoneOf = (requested: string | undefined, settings: Pick<Settings, "hours"> | null): string =>
  requested ?? settings?.hours?.zone ?? "UTC";

/**
 * Formats milliseconds since the epoch as local time in a zone, to the minute or the second.
 *
 * @example
 * ```ts
 * clockIn("Europe/Berlin", "minute")(Date.parse("2026-03-02T03:04:05Z")); // => "2026-03-02 04:04"
 * ```
 */
export function clockIn(timeZone: string, to: "minute" | "second"): (at: number) => string {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
    const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? "";
    return `${part("year")}-${part("month")}-${part("day")} ${part("hour")}:${part("minute")}${to === "second" ? `:${part("second")}` : ""}`;
  };
}
