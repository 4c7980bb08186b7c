import type { Settings } from "@mrdata/platform";

/** The zone in which times are told: the one that is asked for, else the one of the bot's hours, else UTC. */
export const zoneOf = (asked: string | undefined, settings: Pick<Settings, "hours"> | null): string =>
  asked ?? settings?.hours?.zone ?? "UTC";

/**
 * Writes moments, milliseconds since the epoch, as clocks in a zone show them, to the second, or to the minute.
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
