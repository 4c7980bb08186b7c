import { outOfRange } from "@mrdata/base";
import { grown } from "./grown.ts";
import { packedTexts } from "./packed-texts.ts";
import type { ReadHead } from "./tasks/read.ts";

/**
 * The heads of a history in columns: some twenty bytes an incident instead of a hundred and fifty, so that ten million fit
 * into the memory of a task. A place is an index into the order of opening.
 */
export type SortedHeads = {
  readonly count: number;
  /** By place: when it opened, milliseconds since the epoch. */
  readonly openedAt: Float64Array;
  /** By place: the index of its service. */
  readonly serviceAt: Int32Array;
  readonly services: readonly string[];
  /** By place, 1 for yes: it is a row only for shorter hold windows; it came from a file that nobody has accepted. */
  readonly merged: Uint8Array;
  readonly byFile: Uint8Array;
  /** In order of reading: the place of each. */
  readonly placeOf: Int32Array;
};

const FIRST = 1024;

/** Takes heads in order of reading; `sorted` puts them into the order of `comparePast`. */
export function collectHeads() {
  const services = new Map<string, number>();
  const ids = packedTexts();
  let count = 0;
  let openedAt = new Float64Array(FIRST);
  let serviceAt = new Int32Array(FIRST);
  let merged = new Uint8Array(FIRST);
  let byFile = new Uint8Array(FIRST);
  let numeric = new Uint8Array(FIRST);

  function add(head: ReadHead): void {
    const needed = count + 1;
    openedAt = grown(openedAt, needed);
    serviceAt = grown(serviceAt, needed);
    merged = grown(merged, needed);
    byFile = grown(byFile, needed);
    numeric = grown(numeric, needed);
    const known = services.get(head.service);
    const service = known ?? services.size;
    if (known === undefined) services.set(head.service, service);
    openedAt[count] = head.createdAt;
    serviceAt[count] = service;
    merged[count] = Number(head.merged);
    byFile[count] = Number(head.byFile === true);
    numeric[count] = Number(head.numericId === true);
    ids.push(head.id);
    count = needed;
  }

  /** Like `comparePast`, for the indices of two heads. */
  function compare(a: number, b: number): number {
    const byOpening = (openedAt[a] ?? outOfRange()) - (openedAt[b] ?? outOfRange());
    if (byOpening !== 0) return byOpening;
    const isNumeric = numeric[a] ?? outOfRange();
    const byKind = (numeric[b] ?? outOfRange()) - isNumeric;
    if (byKind !== 0) return byKind;
    const [one, other] = [ids.at(a), ids.at(b)];
    if (isNumeric === 1) return Number(one) - Number(other);
    return one < other ? -1 : one > other ? 1 : 0;
  }

  function sorted(): SortedHeads {
    const order = new Int32Array(count).map((_, i) => i);
    // A ledger is read in this order already, and sorting ten million takes half a minute.
    let inOrder = true;
    for (let i = 1; inOrder && i < count; i++) inOrder = compare(i - 1, i) <= 0;
    if (!inOrder) order.sort(compare);
    const placeOf = new Int32Array(count);
    for (let place = 0; place < count; place++) placeOf[order[place] ?? outOfRange()] = place;
    return {
      count,
      openedAt: new Float64Array(count).map((_, place) => openedAt[order[place] ?? -1] ?? outOfRange()),
      serviceAt: new Int32Array(count).map((_, place) => serviceAt[order[place] ?? -1] ?? outOfRange()),
      services: [...services.keys()],
      merged: new Uint8Array(count).map((_, place) => merged[order[place] ?? -1] ?? outOfRange()),
      byFile: new Uint8Array(count).map((_, place) => byFile[order[place] ?? -1] ?? outOfRange()),
      placeOf,
    };
  }
  return { add, sorted };
}
