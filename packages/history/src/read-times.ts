import { timesReader } from "@mrdata/incident";

/** Whether `3/4/2024` is the third of April or the fourth of March. */
export const dateOrders = ["dmy", "mdy"] as const;
export type DateOrder = (typeof dateOrders)[number];

export type TimesOptions = {
  readonly timeZone: string;
  /** Of dates between slashes or dashes; null where it is not known. */
  readonly dateOrder: DateOrder | null;
};

/** What a text may mean: the moments, the earlier first, and whether it takes a date order to say. */
export type TimeMeaning = { readonly moments: readonly number[]; readonly takesOrder?: true };

const nothing: TimeMeaning = { moments: [] };

/** Seconds or milliseconds since the epoch: of 2001 to 2286. */
const epoch = /^\d{10}(?:\.\d+)?$|^\d{13}$/u;
/** Go writes `2024-05-21 02:00:00 +0000 UTC`. */
const goTime = /^(\d{4}-\d{2}-\d{2} [\d:.]+ [+-]\d{4}) [A-Z]{3,4}$/u;
/** `5/21/2024, 2:00:00 AM`, `21.05.2024 02:00`, `21/May/24 2:00 AM`, `21-05-2024 02:00:00`. */
const local =
  /^(\d{1,2})([/.-])(\d{1,2}|[a-zé]{3,4}\.?)\2(\d{4}|\d{2}),?(?:[\s\u202f]+(\d{1,2}):(\d{2})(?::(\d{2}))?[\s\u202f]*(am|pm)?)?$/iu;
const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/**
 * Reads times as people's exports write them: ISO 8601, seconds and milliseconds since the epoch, and the ways of
 * browsers and spreadsheets. Dates between dots have the day first, those with AM and PM the month; between slashes and
 * dashes it takes the order to say, unless one of the numbers is no month.
 */
export function timeMeanings({ timeZone, dateOrder }: TimesOptions): (text: string) => TimeMeaning {
  const iso = timesReader(timeZone);
  return (text) => {
    const plain = iso(text);
    if (plain.length > 0) return { moments: plain };
    const trimmed = text.trim();
    if (epoch.test(trimmed)) return { moments: [Number(trimmed) * (trimmed.length === 13 ? 1 : 1000)] };
    const go = goTime.exec(trimmed)?.[1];
    if (go !== undefined) return { moments: iso(go) };
    const parts = local.exec(trimmed);
    if (parts === null) return nothing;
    const [, first = "", mark, second = "", year = "", hour = "0", minute = "00", seconds = "00", half] =
      parts;
    const order = orderOf(first, second, mark, half !== undefined, dateOrder);
    if (order === null) return { moments: [], takesOrder: true };
    const day = order === "dmy" ? first : second;
    const month = order === "dmy" ? second : first;
    const number = /^\d/u.test(month) ? Number(month) : months.indexOf(month.slice(0, 3).toLowerCase()) + 1;
    const two = (value: number | string) => String(value).padStart(2, "0");
    const wall = `${year.length === 2 ? `20${year}` : year}-${two(number)}-${two(day)}`;
    return { moments: iso(`${wall}T${two(hourOf(Number(hour), half))}:${minute}:${seconds}`) };
  };
}

const hourOf = (hour: number, half: string | undefined): number =>
  half === undefined ? hour : (hour % 12) + (half.toLowerCase() === "pm" ? 12 : 0);

function orderOf(
  first: string,
  second: string,
  mark: string | undefined,
  isHalved: boolean,
  known: DateOrder | null,
): DateOrder | null {
  if (!/^\d/u.test(second) || mark === "." || Number(first) > 12) return "dmy";
  if (Number(second) > 12) return "mdy";
  return known ?? (isHalved ? "mdy" : null);
}
