import { expect, test } from "vitest";
import { historyOf, isBroken, worlds } from "../support/certified-histories.ts";

const HISTORIES = 1_000;
/** Three standard errors of a share of a tenth in a thousand. */
const CHANCE = 3 * Math.sqrt((0.1 * 0.9) / HISTORIES);

const brokenShare = (world: (typeof worlds)[number], parts: "separate" | "one"): number => {
  let broken = 0;
  for (let seed = 1; seed <= HISTORIES; seed++) if (isBroken(world, historyOf(world, seed), parts)) broken++;
  return broken / HISTORIES;
};

for (const world of worlds)
  test(`${world.name}: the promise is broken in at most a tenth of ${HISTORIES} histories`, () => {
    const share = brokenShare(world, "separate");
    process.stdout.write(`certificate, ${world.name}: broken in ${share} of histories\n`);
    expect(share).toBeLessThanOrEqual(0.1 + CHANCE);
  });

test("where one past chooses and certifies, the promise is broken more often than that", () => {
  const [world] = worlds;
  if (world === undefined) throw new Error("no world");
  const share = brokenShare(world, "one");
  process.stdout.write(`certificate, parts not separated: broken in ${share} of histories\n`);
  expect(share).toBeGreaterThan(0.1 + CHANCE);
});
