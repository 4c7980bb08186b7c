import { itemAt, outOfRange } from "@mrdata/base";
import { type Counts, countNames } from "./contribution.ts";

/** How many counts a bucket has. */
export const COUNTS = countNames.length;

/** Property names from here on keep their insertion order (ECMA-262, array index). */
const MAX_INDEX = 2 ** 32 - 1;

/**
 * Counts by bucket, in order of time. Empty buckets are absent. All counts are in one list, one bucket's after
 * another's: they are read far more often than changed.
 */
export class BucketSeries {
  /** Ascending. */
  readonly indexes: number[] = [];
  /** The counts of bucket `i` start at `i * COUNTS`. */
  readonly counts: number[] = [];

  /** Adds counts to a bucket, or subtracts them. */
  add(index: number, counts: Counts, sign: 1 | -1): void {
    const place = this.lowerBound(index);
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
   * Fills a new series from a stored one. Integer keys come in ascending order (ECMA-262, OrdinaryOwnPropertyKeys), so
   * each bucket is appended; one out of order still finds its place.
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

  /** In a record's form: counts by bucket number. */
  toBuckets(): Readonly<Record<string, Counts>> {
    const buckets: Record<string, Counts> = {};
    const { indexes, counts } = this;
    for (const [i, index] of indexes.entries()) buckets[index] = counts.slice(i * COUNTS, (i + 1) * COUNTS);
    return buckets;
  }

  /** The result of `JSON.stringify(this.toBuckets())`, without creating objects with numeric property names. */
  toJson(): string {
    const { indexes, counts } = this;
    // Such names are in ascending order whatever the insertion order; others, from before 1970, would come after them.
    const [first] = indexes;
    if (first === undefined) return "{}";
    if (first < 0 || itemAt(indexes, indexes.length - 1) >= MAX_INDEX)
      return JSON.stringify(this.toBuckets());
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
    // A number that is not a safe integer is written differently in JSON.
    if (!Number.isSafeInteger(sum)) return JSON.stringify(this.toBuckets());
    return `${json}]}`;
  }

  /** Drops older buckets. */
  dropBefore(oldest: number): void {
    if ((this.indexes[0] ?? oldest) >= oldest) return;
    const count = this.lowerBound(oldest);
    this.indexes.splice(0, count);
    this.counts.splice(0, count * COUNTS);
  }

  /** The first position whose index is not less (lower bound): usually the end, because time moves on. */
  lowerBound(index: number): number {
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
