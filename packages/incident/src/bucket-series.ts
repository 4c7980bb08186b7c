import { outOfRange } from "@mrdata/base";
import { type Counts, countNames } from "./contribution.ts";

/** How many counts a bucket has. */
export const COUNTS = countNames.length;

/** Names of properties from here on are in the order in which they came (ECMA-262, array index). */
const MAX_INDEX = 2 ** 32 - 1;

/**
 * Counts by bucket, in order of time. Buckets with nothing in them are not there. All counts lie in one list, a bucket's
 * behind the other's: they are read far more often than changed.
 */
export class BucketSeries {
  /** Ascending. */
  readonly indexes: number[] = [];
  /** Those of bucket `i` from `i * COUNTS` on. */
  readonly counts: number[] = [];

  /** Adds counts to a bucket, or takes them away. */
  add(index: number, counts: Counts, sign: 1 | -1): void {
    const place = this.placeOf(index);
    const base = place * COUNTS;
    if (this.indexes[place] !== index) {
      if (counts.every((count) => count === 0)) return;
      if (place === this.indexes.length) {
        this.indexes.push(index);
        for (let i = 0; i < COUNTS; i++) this.counts.push(sign * (counts[i] ?? 0));
        return;
      }
      this.indexes.splice(place, 0, index);
      this.counts.splice(base, 0, ...countNames.map((_, i) => sign * (counts[i] ?? 0)));
      return;
    }
    let left = false;
    for (let i = 0; i < COUNTS; i++) {
      const sum = (this.counts[base + i] ?? 0) + sign * (counts[i] ?? 0);
      this.counts[base + i] = sum;
      left ||= sum !== 0;
    }
    if (left) return;
    this.indexes.splice(place, 1);
    this.counts.splice(base, COUNTS);
  }

  /**
   * Fills a new series from a stored one. Keys that are whole numbers come in ascending order (ECMA-262,
   * OrdinaryOwnPropertyKeys), so that a bucket goes to the end; one that does not still finds its place.
   */
  fill(buckets: Readonly<Record<string, Counts>>): void {
    const { indexes, counts } = this;
    let last = Number.NEGATIVE_INFINITY;
    for (const key in buckets) {
      const there = buckets[key] ?? [];
      const index = Number(key);
      if (index <= last) {
        this.add(index, there, 1);
        continue;
      }
      last = index;
      indexes.push(index);
      for (let i = 0; i < COUNTS; i++) counts.push(there[i] ?? 0);
    }
  }

  /** As a record holds them: counts by the bucket's number. */
  toBuckets(): Readonly<Record<string, Counts>> {
    const buckets: Record<string, Counts> = {};
    const { indexes, counts } = this;
    for (const [i, index] of indexes.entries()) buckets[index] = counts.slice(i * COUNTS, (i + 1) * COUNTS);
    return buckets;
  }

  /** What `JSON.stringify(this.toBuckets())` gives, without making objects whose names are numbers. */
  toJson(): string {
    const { indexes, counts } = this;
    // Such names are in order, in whatever order they came; others, of before 1970, would be behind them.
    if ((indexes[0] ?? 0) < 0 || (indexes.at(-1) ?? 0) >= MAX_INDEX) return JSON.stringify(this.toBuckets());
    let json = "{";
    let sum = 0;
    for (let i = 0; i < indexes.length; i++) {
      const index = indexes[i] ?? outOfRange();
      json += i === 0 ? `"${index}":[` : `],"${index}":[`;
      sum += index;
      for (let k = i * COUNTS; k < (i + 1) * COUNTS; k++) {
        const count = counts[k] ?? outOfRange();
        json += k === i * COUNTS ? count : `,${count}`;
        sum += count;
      }
    }
    // What is no whole number is written otherwise in JSON.
    if (!Number.isSafeInteger(sum)) return JSON.stringify(this.toBuckets());
    return indexes.length === 0 ? "{}" : `${json}]}`;
  }

  /** Forgets what is older. */
  dropBefore(oldest: number): void {
    if ((this.indexes[0] ?? oldest) >= oldest) return;
    const count = this.placeOf(oldest);
    this.indexes.splice(0, count);
    this.counts.splice(0, count * COUNTS);
  }

  /** The first place whose index is not less: most often the end, for time moves on. */
  placeOf(index: number): number {
    const { indexes } = this;
    let high = indexes.length;
    if (high === 0 || (indexes[high - 1] ?? outOfRange()) < index) return high;
    let low = 0;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((indexes[middle] ?? outOfRange()) < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
