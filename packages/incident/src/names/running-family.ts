import { type Contribution, countSlots, decidedOf } from "../contribution.ts";
import { type Family, type FamilyLevel, MAX_MEMBERS, type MemberCounts, memberOf, sumOf } from "./family.ts";

/** A mutable family: the finer names below a coarse one. */
export class RunningFamily {
  readonly #level: FamilyLevel;
  readonly #members: Map<string, MemberCounts>;

  constructor(family: Family | FamilyLevel) {
    const known: Family = typeof family === "number" ? { level: family, members: {} } : family;
    this.#level = known.level;
    this.#members = new Map(Object.entries(known.members));
  }

  /** Adds what an incident contributes to its finer name, or subtracts it. */
  add(change: Contribution | null, sign: 1 | -1): void {
    if (change === null) return;
    const { counts, title } = change;
    const id = memberOf(title, this.#level);
    const own: MemberCounts = [
      sign * (counts[countSlots.opened] ?? 0),
      sign * (counts[countSlots["self-resolved"]] ?? 0),
      sign * (counts[countSlots.merged] ?? 0),
      sign * decidedOf(counts),
    ];
    const sum = sumOf(this.#members.get(id), own);
    if (sum.every((count) => count === 0)) this.#members.delete(id);
    else this.#members.set(id, sum);
    if (this.#members.size > MAX_MEMBERS) this.#members.delete(largest(this.#members.keys()));
  }

  toFamily(): Family {
    // Sorted, so that the same incidents give the same record in any order of arrival.
    const members = [...this.#members].sort(([a], [b]) => (a < b ? -1 : 1));
    return { level: this.#level, members: Object.fromEntries(members) };
  }
}

function largest(ids: Iterable<string>): string {
  let last = "";
  for (const id of ids) if (id > last) last = id;
  return last;
}
