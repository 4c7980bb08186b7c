import { expect, test } from "vitest";
import { historyOf, isBroken, worlds } from "../support/certified-histories.ts";

/** Fewer where a history is long: it takes as much longer. */
const historiesOf = ({ real }: (typeof worlds)[number]): number => (real > 100 ? 300 : 1_000);
/** Three standard errors of a share of a tenth in so many. */
const chanceIn = (histories: number): number => 3 * Math.sqrt((0.1 * 0.9) / histories);

const brokenShare = (world: (typeof worlds)[number], parts: "separate" | "one"): number => {
  const histories = historiesOf(world);
  let broken = 0;
  for (let seed = 1; seed <= histories; seed++) if (isBroken(world, historyOf(world, seed), parts)) broken++;
  return broken / histories;
};

for (const world of worlds)
  test(`${world.name}: the promise is broken in at most a tenth of ${historiesOf(world)} histories`, () => {
    const share = brokenShare(world, "separate");
    process.stdout.write(`certificate, ${world.name}: broken in ${share} of histories\n`);
    expect(share).toBeLessThanOrEqual(0.1 + chanceIn(historiesOf(world)));
  });

test("where one past chooses and certifies, the promise is broken more often than that", () => {
  const [world] = worlds;
  if (world === undefined) throw new Error("no world");
  const share = brokenShare(world, "one");
  process.stdout.write(`certificate, parts not separated: broken in ${share} of histories\n`);
  expect(share).toBeGreaterThan(0.1 + chanceIn(historiesOf(world)));
});
