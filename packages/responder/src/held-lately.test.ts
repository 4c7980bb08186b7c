import { describe, expect, test } from "vitest";
import { type HoldOf, heldLately } from "./held-lately.ts";
import { MINUTE, NOW, WINDOW } from "./observation.fixture.ts";

const hold = (minutesAgo: number, change: Partial<HoldOf> = {}): HoldOf => {
  const openedAt = NOW - minutesAgo * MINUTE;
  return {
    incident: `P${minutesAgo}`,
    service: "PDATABASE",
    alertType: "disk",
    openedAt,
    decidedAt: openedAt,
    holdUntil: openedAt + WINDOW,
    ...change,
  };
};
const sums = (holds: readonly HoldOf[]) =>
  heldLately(holds, { service: "PDATABASE", alertType: "disk" }, NOW);

describe("holds add up", () => {
  test("to the time that each lasted, by alert type and service", () => {
    const ended = { ended: { at: NOW - 28 * MINUTE, why: "it resolved" } };
    expect(sums([hold(30, ended), hold(20, { alertType: "load" }), hold(10, { service: "PSHOP" })])).toEqual({
      alertType: 2 * MINUTE,
      service: 2 * MINUTE + WINDOW,
      ranOut: 0,
      onService: 2,
      anywhere: 3,
    });
  });
  test("with the whole window for an ongoing hold, because it may last that long", () => {
    expect(sums([hold(1)]).alertType).toBe(WINDOW);
  });
  test("by the coarsest name: titles with the same words are the same alarm", () => {
    const named = (finest: string, words: string): Partial<HoldOf> => ({
      alertType: finest,
      names: [finest, finest, words],
    });
    const held = [hold(30, named("a", "site is down")), hold(20, named("b", "disk full"))];
    const of = { service: "PDATABASE", alertType: "c", names: ["c", "c", "site is down"] } as const;
    expect(heldLately(held, of, NOW)).toMatchObject({ alertType: WINDOW, ranOut: 1, service: 2 * WINDOW });
  });
  test("over the last hour, counting only the part of a hold that lies within it", () => {
    expect(sums([hold(70)])).toEqual({ alertType: 0, service: 0, ranOut: 0, onService: 0, anywhere: 0 });
    expect(sums([hold(62)])).toEqual({
      alertType: 3 * MINUTE,
      service: 3 * MINUTE,
      ranOut: 1,
      onService: 0,
      anywhere: 0,
    });
  });
  test("and count a hold that lasted its whole window for an hour after its end", () => {
    const cleared = { ended: { at: NOW - 28 * MINUTE, why: "it resolved" } };
    expect(sums([hold(30)]).ranOut).toBe(1);
    expect(sums([hold(30, cleared)]).ranOut).toBe(0);
    expect(sums([hold(4)]).ranOut).toBe(0);
    expect(sums([hold(30, { alertType: "load" })]).ranOut).toBe(0);
    expect(sums([hold(66)]).ranOut).toBe(0);
  });
  test("never beyond the window, however late the end was recorded", () => {
    expect(sums([hold(30, { ended: { at: NOW, why: "late" } })]).alertType).toBe(WINDOW);
  });
});
