import type { FormatRow } from "./formats/format.ts";
import type { DateOrder, TimeMeaning } from "./read-times.ts";

/** Tolerance between a stated duration and the times beside it. */
const TOLERANCE_MS = 60_000;
/** With more ambiguous times in a row, combinations are not tried. */
const MAX_AMBIGUOUS = 4;

/**
 * Reads rows with times that are ambiguous because the clocks went back. A stated duration decides; otherwise a reading in which the
 * incident ends after it begins, if there is only one. Failing that, the longest reading is taken, which is the more cautious, with a
 * remark.
 */
export function settleTimes(
  meaningsIn: (order: DateOrder | null) => (text: string) => TimeMeaning,
  remark: (sentence: string) => void,
  onOrder: (order: DateOrder) => void,
) {
  const readers = new Map<DateOrder | null, (text: string) => TimeMeaning>();
  const readerIn = (order: DateOrder | null) => {
    const before = readers.get(order);
    if (before !== undefined) return before;
    const made = meaningsIn(order);
    readers.set(order, made);
    return made;
  };
  let meaning = readerIn(null);
  /** For the current row: ambiguous texts with their meanings, and the combination being tried. */
  let ambiguous = new Map<string, readonly number[]>();
  let tried = new Map<string, number>();
  let takesOrder = false;

  const time = (text: string): number | null => {
    const { moments, takesOrder: open } = meaning(text);
    if (open) {
      takesOrder = true;
      return null;
    }
    if (slashed.test(text)) inferOrder(text);
    if (moments.length < 2) return moments[0] ?? null;
    ambiguous.set(text, moments);
    return tried.get(text) ?? moments[0] ?? null;
  };

  /** A date with a number above 12 reveals the order of all dates in the file. */
  const inferOrder = (text: string) => {
    const [, first = "", second = ""] = slashed.exec(text) ?? [];
    if (Number(first) > 12) onOrder("dmy");
    else if (Number(second) > 12) onOrder("mdy");
  };

  const read = (row: () => FormatRow, order: DateOrder | null): FormatRow | "takes-order" => {
    meaning = readerIn(order);
    if (ambiguous.size > 0) ambiguous = new Map();
    if (tried.size > 0) tried = new Map();
    takesOrder = false;
    const parsed = row();
    if (takesOrder) return "takes-order";
    if (ambiguous.size === 0 || ambiguous.size > MAX_AMBIGUOUS) return parsed;
    return settled(parsed, row);
  };

  const settled = (first: FormatRow, row: () => FormatRow): FormatRow => {
    const readings = combinations([...ambiguous]).flatMap((one) => {
      tried = one;
      const parsed = row();
      if (!("incident" in parsed)) return [];
      const { createdAt, resolvedAt } = parsed.incident;
      return [{ parsed, durationMs: resolvedAt === null ? null : resolvedAt - createdAt }];
    });
    const agreeing = readings.find(
      ({ parsed, durationMs }) =>
        parsed.lastedMs !== undefined &&
        durationMs !== null &&
        Math.abs(durationMs - parsed.lastedMs) <= TOLERANCE_MS,
    );
    if (agreeing !== undefined) return agreeing.parsed;
    const [only, another] = readings;
    if (only !== undefined && another === undefined) return only.parsed;
    if (only === undefined) return first;
    remark(
      "times in the hour that the clocks went through twice, and no duration tells which is meant: the longer was taken",
    );
    return readings.reduce((a, b) => ((b.durationMs ?? 0) > (a.durationMs ?? 0) ? b : a)).parsed;
  };

  return { time, read };
}

const slashed = /^\s*(\d{1,2})[/-](\d{1,2})[/-]\d/u;

function combinations(
  ambiguous: readonly (readonly [string, readonly number[]])[],
): readonly Map<string, number>[] {
  return ambiguous.reduce<readonly Map<string, number>[]>(
    (made, [text, moments]) =>
      made.flatMap((one) => moments.map((moment) => new Map([...one, [text, moment]]))),
    [new Map()],
  );
}
