import { expect, test } from "vitest";
import { jsonLines, mrdata, temporaryFolder } from "../support/mrdata.ts";
import { mrdataHere } from "../support/mrdata-here.ts";
import { nightsOf } from "../support/nights.ts";

// Eight days are past enough to learn something from. The sixty of 'npm start' are played in test/slow.
test("a model is learnt and promoted, the night is played armed with it, and the table is printed beside the other ways", async () => {
  const home = temporaryFolder();
  const { code, stdout, stderr } = await mrdata(["demo", "--days", "8", "--home", home]);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /incidents +held +paged at once +held, then paged +misses +minutes of delay +night pages spared\nMr Data/,
  );
  expect(stderr).toContain("8 days of a simulated organisation");
  expect(stderr).toContain("It is champion now");
  expect(stderr).toContain("made up");
  // The certificate, or why there is none.
  expect(stderr.replace(/\s+/g, " ")).toMatch(
    /With [\d.]+ % confidence, if what comes is like the past: at most 10 % of the incidents that need a human are delayed|nothing can be certified|\d+ are missing/,
  );
  // Of so little past the version may have no certificate; then the own rate is stored after it.
  const champion = jsonLines((await mrdataHere(["models", "list", "--home", home, "--json"])).stdout).at(-1);
  expect(champion).toMatchObject({ version: "v1", aliases: ["champion"], refused: null });
  const decided = await mrdataHere(["decisions", "--home", home, "--since", "5000d", "--json"]);
  const { rows } = Object(jsonLines(decided.stdout)[0]);
  expect(new Set(rows.map(({ model }: { model: string }) => model))).toEqual(new Set(["v1"]));
  expect(new Set(rows.map(({ mode }: { mode: string }) => mode))).toEqual(new Set(["armed"]));

  // A ledger that is there is left alone.
  const refused = await mrdataHere(["demo", "--home", home]);
  expect(refused).toMatchObject({ code: 1, stdout: "" });
  expect(refused.stderr).toContain("there is a ledger in");
});

test("another seed is another night; of too little past no model is learnt, and it says so", async () => {
  // That the same seed tells the same, in a table and in a line, is tried in test/slow.
  const ran = await mrdata(["demo", "--days", "2", "--seed", "5", "--json"]);
  // Each incident is held or paged at once, and what is held is spared or paged later.
  for (const row of nightsOf(ran)) {
    expect(row.held + row.pagedAtOnce).toBe(row.incidents);
    expect(row.pagesSpared + row.pagedLater).toBe(row.held);
  }
  const [bot, ownRate, always, fixed, longer] = nightsOf(ran);
  expect(ran.stderr).toContain("the bot goes by the alert type's own rate");
  expect(always).toMatchObject({
    held: 0,
    paged: always?.incidents,
    misses: 0,
    minutesOfDelay: 0,
    pagesSpared: 0,
  });
  expect(fixed).toMatchObject({ held: fixed?.incidents, minutesOfDelay: 5 * (fixed?.paged ?? 0) });
  expect(longer).toMatchObject({ held: longer?.incidents, minutesOfDelay: 10 * (longer?.paged ?? 0) });
  expect(bot?.incidents).toBe(fixed?.incidents);
  // Without a model the bot is the own rate.
  expect({ ...bot, way: "alert type's own rate" }).toEqual(ownRate);
});
