import { type Counts, countNames } from "./contribution.ts";

/** Counts by bucket, in order of time. Buckets with nothing in them are not there. */
export class BucketSeries {
  readonly #indexes: number[] = [];
  readonly #counts: number[][] = [];

  /** Adds counts to a bucket, or takes them away. */
  add(index: number, counts: Counts, sign: 1 | -1): void {
    const place = this.#placeOf(index);
    const there = this.#indexes[place] === index ? this.#counts[place] : undefined;
    if (there === undefined) {
      if (counts.every((count) => count === 0)) return;
      this.#indexes.splice(place, 0, index);
      this.#counts.splice(
        place,
        0,
        countNames.map((_, i) => sign * (counts[i] ?? 0)),
      );
      return;
    }
    let left = false;
    for (let i = 0; i < countNames.length; i++) {
      const sum = (there[i] ?? 0) + sign * (counts[i] ?? 0);
      there[i] = sum;
      left ||= sum !== 0;
    }
    if (left) return;
    this.#indexes.splice(place, 1);
    this.#counts.splice(place, 1);
  }

  /** Forgets what is older. */
  dropBefore(oldest: number): void {
    if ((this.#indexes[0] ?? oldest) >= oldest) return;
    const count = this.#placeOf(oldest);
    this.#indexes.splice(0, count);
    this.#counts.splice(0, count);
  }

  /** Calls `visit` for every bucket from index `from` to before index `to`, oldest first. */
  visit(from: number, to: number, visit: (index: number, counts: Counts) => void): void {
    const indexes = this.#indexes;
    for (let i = this.#placeOf(from); i < indexes.length; i++) {
      const index = indexes[i] ?? to;
      if (index >= to) return;
      visit(index, this.#counts[i] ?? []);
    }
  }

  /** The first place whose index is not less: most often the end, for time moves on. */
  #placeOf(index: number): number {
    const indexes = this.#indexes;
    let high = indexes.length;
    if (high === 0 || (indexes[high - 1] ?? 0) < index) return high;
    let low = 0;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((indexes[middle] ?? 0) < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
