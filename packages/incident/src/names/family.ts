import { fnv1a64 } from "../alert-type.ts";
import { guardsOf } from "./guards.ts";
import { namesOf } from "./names-of.ts";

/** The levels of names that have finer ones below them: 1 without numbers and hosts, 2 words only. */
export type FamilyLevel = 1 | 2;

/** Counts of one finer name: opened, self-resolved, merged, and with an outcome. */
export type MemberCounts = readonly [opened: number, selfResolved: number, merged: number, decided: number];

/** What a coarse name's track record knows of the finer names below it, keyed by `memberOf`. A plain JSON value. */
export type Family = {
  readonly level: FamilyLevel;
  readonly members: Readonly<Record<string, MemberCounts>>;
};

/**
 * How many finer names a record keeps, those with the smallest hashes: a random sample that does not depend on the
 * order of arrival, because a name left out once is left out ever after.
 */
export const MAX_MEMBERS = 128;

const memberIds = new Map<string, readonly [string, string]>();
const MAX_KNOWN = 50_000;

/**
 * The key of a finer name in the family of a coarser one: its hash, followed by that of its guarded parts, because only
 * names with the same guarded parts are one family.
 */
export function memberOf(title: string, level: FamilyLevel): string {
  let ids = memberIds.get(title);
  if (ids === undefined) {
    const [finest, general] = namesOf(title);
    const guards = guardsHash(finest);
    ids = [`${fnv1a64(finest)}${guards}`, `${fnv1a64(general)}${guards}`];
    if (memberIds.size >= MAX_KNOWN) memberIds.clear();
    memberIds.set(title, ids);
  }
  return level === 1 ? ids[0] : ids[1];
}

const GUARD_DIGITS = 8;
const guardsHash = (finest: string): string => fnv1a64(guardsOf(finest)).slice(0, GUARD_DIGITS);

/** Finer names of one family, shards added up: those with the same guarded parts as a title. */
export function membersLike(
  title: string,
  records: readonly { readonly family?: Family | undefined }[],
): ReadonlyMap<string, MemberCounts> {
  const guards = guardsHash(namesOf(title)[0]);
  const sums = new Map<string, MemberCounts>();
  for (const { family } of records)
    for (const [id, counts] of Object.entries(family?.members ?? {}))
      if (id.endsWith(guards)) sums.set(id, sumOf(sums.get(id), counts));
  return new Map([...sums].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, MAX_MEMBERS));
}

export const sumOf = (a: MemberCounts | undefined, b: MemberCounts): MemberCounts =>
  a === undefined ? b : [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3]];
