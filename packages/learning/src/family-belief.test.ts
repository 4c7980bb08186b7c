import { describe, expect, it } from "vitest";
import { newMemberLowerBound, seenOfMembers } from "./family-belief.ts";

const nothing = { outcomes: 0, selfResolved: 0 };
const alike = (members: number, outcomes: number, selfResolved = outcomes) =>
  Array.from({ length: members }, () => ({ outcomes, selfResolved }));

describe("newMemberLowerBound", () => {
  it("is near the family's rate where the members are alike, the nearer the more there are", () => {
    const [few, many] = [
      newMemberLowerBound(alike(10, 3), nothing),
      newMemberLowerBound(alike(100, 10), nothing),
    ];
    expect(few).toBeGreaterThan(0.6);
    expect(many).toBeGreaterThan(0.95);
    expect(many).toBeGreaterThan(few);
  });

  it("is near the lowest where they differ, however often most of them healed", () => {
    const differing = [...alike(28, 20), ...alike(4, 20, 0)];
    expect(newMemberLowerBound(differing, nothing)).toBeLessThan(0.5);
  });

  it("follows the member's own counts", () => {
    const differing = [...alike(10, 20), ...alike(10, 20, 0)];
    expect(newMemberLowerBound(differing, { outcomes: 4, selfResolved: 4 })).toBeGreaterThan(0.7);
    expect(newMemberLowerBound(alike(20, 5), { outcomes: 3, selfResolved: 0 })).toBeLessThan(0.5);
  });

  it("is right about as often as it says, for families by chance", () => {
    let state = 5;
    const next = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    // The larger of two uniform numbers has a beta distribution with 2 and 1.
    const rate = () => Math.max(next(), next());
    const draw = (outcomes: number, of: number) => ({
      outcomes,
      selfResolved: Array.from({ length: outcomes }, next).filter((one) => one < of).length,
    });
    let below = 0;
    for (let i = 0; i < 60; i++) {
      const members = Array.from({ length: 15 }, () => draw(6, rate()));
      if (rate() < newMemberLowerBound(members, nothing)) below += 1;
    }
    expect(below / 60).toBeLessThan(0.15);
  });
});

describe("seenOfMembers", () => {
  it("leaves out members with too few outcomes, and counts open incidents against them", () => {
    expect(
      seenOfMembers([
        [5, 4, 1, 5],
        [2, 2, 0, 2],
        [4, 3, 0, 3],
      ]),
    ).toEqual([
      { outcomes: 4, selfResolved: 4 },
      { outcomes: 4, selfResolved: 3 },
    ]);
  });
  it("leaves out members counted in part: more ends than openings are ignored, and no error", () => {
    const members = seenOfMembers([
      [0, 3, 0, 3],
      [4, 3, 0, 3],
    ]);
    expect(members).toEqual([{ outcomes: 4, selfResolved: 3 }]);
    expect(newMemberLowerBound(members, { outcomes: 3, selfResolved: 3 })).toBeGreaterThan(0);
    expect(() =>
      newMemberLowerBound([{ outcomes: 0, selfResolved: 3 }], { outcomes: 3, selfResolved: 3 }),
    ).toThrow(RangeError);
  });
});
