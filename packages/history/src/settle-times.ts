import type { FormatTold } from "./formats/format.ts";
import type { DateOrder, TimeMeaning } from "./read-times.ts";

/** A told duration and the times that it is told beside agree to this, milliseconds. */
const AGREES = 60_000;
/** More times in one row are not tried in all combinations. */
const MAX_DOUBLE = 4;

/**
 * Reads rows with times that may mean two moments, because the clocks went back. Where the row says how long the
 * incident lasted, that settles which is meant; where one meaning alone puts the end behind the beginning, it is that.
 * Else the longest is taken, for what lasted is the more cautious to believe, and it is told.
 */
export function settleTimes(
  meaningsIn: (order: DateOrder | null) => (text: string) => TimeMeaning,
  remark: (sentence: string) => void,
  tellsOrder: (order: DateOrder) => void,
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
  /** Of the row that is read: texts with two meanings, and which of them is tried. */
  let double = new Map<string, readonly number[]>();
  let tried = new Map<string, number>();
  let takesOrder = false;

  const time = (text: string): number | null => {
    const { moments, takesOrder: open } = meaning(text);
    if (open) {
      takesOrder = true;
      return null;
    }
    if (slashed.test(text)) toldOrder(text);
    if (moments.length < 2) return moments[0] ?? null;
    double.set(text, moments);
    return tried.get(text) ?? moments[0] ?? null;
  };

  /** A date of which one number is no month tells how the others of the file are meant. */
  const toldOrder = (text: string) => {
    const [, first = "", second = ""] = slashed.exec(text) ?? [];
    if (Number(first) > 12) tellsOrder("dmy");
    else if (Number(second) > 12) tellsOrder("mdy");
  };

  const read = (row: () => FormatTold, order: DateOrder | null): FormatTold | "takes-order" => {
    meaning = readerIn(order);
    if (double.size > 0) double = new Map();
    if (tried.size > 0) tried = new Map();
    takesOrder = false;
    const told = row();
    if (takesOrder) return "takes-order";
    if (double.size === 0 || double.size > MAX_DOUBLE) return told;
    return settled(told, row);
  };

  const settled = (first: FormatTold, row: () => FormatTold): FormatTold => {
    const answers = combinations([...double]).flatMap((one) => {
      tried = one;
      const told = row();
      if (!("incident" in told)) return [];
      const { createdAt, resolvedAt } = told.incident;
      return [{ told, lasted: resolvedAt === null ? null : resolvedAt - createdAt }];
    });
    const agreeing = answers.find(
      ({ told, lasted }) =>
        told.lastedMs !== undefined && lasted !== null && Math.abs(lasted - told.lastedMs) <= AGREES,
    );
    if (agreeing !== undefined) return agreeing.told;
    const [only, another] = answers;
    if (only !== undefined && another === undefined) return only.told;
    if (only === undefined) return first;
    remark(
      "times in the hour that the clocks went through twice, and no duration tells which is meant: the longer was taken",
    );
    return answers.reduce((a, b) => ((b.lasted ?? 0) > (a.lasted ?? 0) ? b : a)).told;
  };

  return { time, read };
}

const slashed = /^\s*(\d{1,2})[/-](\d{1,2})[/-]\d/u;

function combinations(
  double: readonly (readonly [string, readonly number[]])[],
): readonly Map<string, number>[] {
  return double.reduce<readonly Map<string, number>[]>(
    (made, [text, moments]) =>
      made.flatMap((one) => moments.map((moment) => new Map([...one, [text, moment]]))),
    [new Map()],
  );
}
