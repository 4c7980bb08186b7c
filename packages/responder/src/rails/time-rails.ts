import { allow, byRules, deny, type GuardRail } from "../circumstances.ts";
import type { Rules } from "../rules.ts";

/** A hold that could last less than this is not worth the risk. */
const MIN_HOLD_MS = 5_000;
const MINUTE = 60_000;

const weekdays: readonly string[] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const clocks = new Map<string, Intl.DateTimeFormat>();

/** Cached, because creating a formatter takes longer than all guard rails together. */
function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  clocks.set(zone, made);
  return made;
}

/** Whether holding is allowed at `at`, milliseconds since the epoch. Hours that span midnight belong to the day on which they begin. */
export function isWithinHours(hours: NonNullable<Rules["hours"]>, at: number): boolean {
  const parts = Object.fromEntries(
    clockOf(hours.zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const time = `${parts.hour}:${parts.minute}`;
  const today = weekdays.indexOf(parts.weekday ?? "");
  const isDay = (day: number) => hours.days === null || hours.days.includes((day + 7) % 7);
  const { from, to } = hours;
  if (from === to) return isDay(time >= from ? today : today - 1);
  if (from < to) return time >= from && time < to && isDay(today);
  return (time >= from && isDay(today)) || (time < to && isDay(today - 1));
}

/** Whether holding is allowed from `from` until just before `to`. A check each minute suffices: hours begin and end on whole minutes. */
function isWithinThroughout(hours: NonNullable<Rules["hours"]>, from: number, to: number): boolean {
  for (let at = from; at < to; at += MINUTE) if (!isWithinHours(hours, at)) return false;
  return to <= from || isWithinHours(hours, to - 1);
}

const allowedHours: GuardRail = {
  name: "hours",
  judge: byRules(({ hours }, { now, windowMs, observation: { openedAt } }) => {
    if (hours === null) return allow("Holding is allowed at all hours.");
    const text = `${hours.from} to ${hours.to} (${hours.zone})`;
    if (!isWithinHours(hours, now)) return deny(`Holding is allowed from ${text} only.`);
    return isWithinThroughout(hours, now, openedAt + windowMs)
      ? allow(`Holding is allowed from ${text}.`)
      : deny(`Holding is allowed from ${text} only, and this hold would last beyond that.`);
  }),
};

export const maintenance: GuardRail = {
  name: "maintenance",
  judge: byRules(({ maintenance: list }, { now, windowMs, observation: { service } }) => {
    const one = list.find(
      (entry) =>
        (entry.service === null || entry.service === service) &&
        entry.from < now + windowMs &&
        entry.to > now,
    );
    return one === undefined ? allow("There is no maintenance.") : deny(`There is maintenance: ${one.why}.`);
  }),
};

export const deadline: GuardRail = {
  name: "deadline",
  judge: ({ observation, windowMs, now }) =>
    observation.openedAt + windowMs - now >= MIN_HOLD_MS
      ? allow("The hold window is still open.")
      : deny("The hold window has passed: the news came late."),
};

export const timeRails: readonly GuardRail[] = [deadline, maintenance, allowedHours];
