import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countNames } from "../contribution.ts";
import { type Family, MAX_MEMBERS, memberOf, membersLike } from "./family.ts";
import { guardsOf } from "./guards.ts";
import { namesOf } from "./names-of.ts";
import { RunningFamily } from "./running-family.ts";

const opening = (title: string, selfResolved = 1) => ({
  title,
  openedAt: 0,
  counts: countNames.map((name) =>
    name === "opened"
      ? 1
      : name === "self-resolved"
        ? selfResolved
        : name === "needed-human"
          ? 1 - selfResolved
          : 0,
  ),
});
const familyOf = (titles: readonly string[]): Family => {
  const family = new RunningFamily(1);
  for (const title of titles) family.add(opening(title), 1);
  return family.toFamily();
};

describe("the finer names below a coarse one", () => {
  it("are counted separately, and only those with the same guarded parts are like a title", () => {
    const family = familyOf([
      "HTTP 500 on a.example.com",
      "HTTP 500 on a.example.com",
      "HTTP 404 on b.example.com",
    ]);
    expect([...membersLike("HTTP 500 on c.example.com", [{ family }]).values()]).toEqual([[2, 2, 0, 2]]);
    expect(membersLike("HTTP 503 on a.example.com", [{ family }]).size).toBe(0);
  });

  it("of shards are added up", () => {
    const [one, other] = [familyOf(["a.example.com is down"]), familyOf(["a.example.com is down"])];
    const like = membersLike("b.example.com is down", [{ family: one }, { family: other }, {}]);
    expect([...like.values()]).toEqual([[2, 2, 0, 2]]);
  });

  it("are limited in number, the same ones in any order of arrival, and one subtracted again leaves no trace", () => {
    const titles = Array.from({ length: MAX_MEMBERS + 40 }, (_, i) => `site-${i}.example.com is down`);
    const family = familyOf(titles);
    expect(Object.keys(family.members)).toHaveLength(MAX_MEMBERS);
    fc.assert(
      fc.property(fc.shuffledSubarray(titles, { minLength: titles.length }), (shuffled) => {
        expect(familyOf(shuffled)).toEqual(family);
      }),
      { numRuns: 5 },
    );
    const running = new RunningFamily(familyOf(["a.example.com is down"]));
    running.add(opening("b.example.com is down"), 1);
    running.add(opening("b.example.com is down"), -1);
    expect(running.toFamily()).toEqual(familyOf(["a.example.com is down"]));
  });

  it("at the level of words are the names without numbers and hosts", () => {
    const one = memberOf("a.example.com is slow", 2);
    expect(memberOf("b.example.com is slow", 2)).toBe(one);
    expect(memberOf("b.example.com is slow", 1)).not.toBe(memberOf("a.example.com is slow", 1));
  });
});

describe("guardsOf", () => {
  const guards = (title: string) => guardsOf(namesOf(title)[0]);
  it.each([
    ["HTTP 500 on a.example.com", "HTTP 404 on a.example.com"],
    ["shop answers 5xx", "shop answers 4xx"],
    ["p99 of a is high", "p50 of a is high"],
    ["99th percentile is high", "95th percentile is high"],
    ["10.0.0.1:5432 refused", "10.0.0.1:8125 refused"],
    ["Port 5432 is closed", "Port 8125 is closed"],
    ["[P1] a.example.com", "[P3] a.example.com"],
    ["SEV-1 on web", "SEV-2 on web"],
    ["db.prod.example.com is slow", "db.staging.example.com is slow"],
    ["link-1 is up", "link-1 is down"],
    ["load ↑ on web-1", "load ↓ on web-1"],
    ["CPU above 9", "CPU below 9"],
  ])("differ between '%s' and '%s'", (one, other) => {
    expect(guards(one)).not.toBe(guards(other));
  });

  it.each([
    ["a.example.com is down", "b.example.com is down"],
    ["web-1 is slow", "web-17 is slow"],
    ["Host 10.0.0.1 is down", "Host 10.0.3.17 is down"],
    ["https://a.example.com/x is down", "https://b.example.com/y is down"],
  ])("are the same for '%s' and '%s'", (one, other) => {
    expect(guards(one)).toBe(guards(other));
  });
});
