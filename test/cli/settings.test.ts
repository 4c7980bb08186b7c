import { defaultSettings } from "@mrdata/platform";
import { railSettings } from "@mrdata/responder";
import { expect, test } from "vitest";
import { withHomeLedger } from "../support/home-ledger.ts";
import { temporaryFolder } from "../support/mrdata.ts";
import { mrdataHere } from "../support/mrdata-here.ts";

const [declared] = railSettings;
if (declared === undefined) throw new Error("no guard rail declares a setting of its own");
const [name, { help, default: usual }] = declared;

test("a guard rail's own setting is listed, set, checked and taken away by what the guard rail declares", async () => {
  const home = temporaryFolder();
  const run = (...args: readonly string[]) => mrdataHere(["settings", ...args, "--home", home]);
  const rails = () => withHomeLedger(home, async (ledger) => (await ledger.settings()).rails);
  const listed = await run("--help");
  expect(listed.stdout).toContain(`rails.${name}: ${help}; ${JSON.stringify(usual)} unless set.`);
  expect((await run(`rails.${name}`, JSON.stringify(usual))).code).toBe(0);
  expect(await rails()).toEqual({ [name]: usual });

  const misfit = await run(`rails.${name}`, '{"of": "another kind"}');
  expect(misfit.code).toBe(2);
  expect(misfit.stderr).toContain(`nothing was changed: rails.${name} cannot be read`);
  const unknown = await run("rails.of-later", "5");
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toMatch(new RegExp(`'rails\\.of-later' is no setting: .*rails\\.${name}`));
  expect(await rails()).toEqual({ [name]: usual });

  expect((await run(`rails.${name}`, "null")).code).toBe(0);
  expect(await rails()).toEqual({});
});

test("a guard rail's setting that is not known is said wherever people look, kept by every change, and taken away by name", async () => {
  const home = temporaryFolder();
  await withHomeLedger(home, (ledger) =>
    ledger.saveSettings({ ...defaultSettings, rails: { "of-later": 5 } }),
  );
  const run = (...args: readonly string[]) => mrdataHere([...args, "--home", home]);
  const problem = "rails.of-later is of a guard rail that this version of Mr Data does not know";
  const status = await run("status");
  expect([status.code, status.stderr]).toEqual([4, expect.stringContaining(problem)]);
  expect((await run("doctor")).stdout).toContain(problem);
  const set = await run("settings", "missBudget", "0.05");
  expect([set.code, set.stderr]).toEqual([0, expect.stringContaining(problem)]);
  expect((await run("disarm", "--all", "--why", "a test")).code).toBe(0);
  const kept = await withHomeLedger(home, (ledger) => ledger.settings());
  expect(kept).toMatchObject({ missBudget: 0.05, rails: { "of-later": 5 } });
  expect((await run("settings", "rails.of-later", "null")).code).toBe(0);
  expect((await withHomeLedger(home, (ledger) => ledger.settings())).rails).toEqual({});
});

test("a miss budget that nothing can be certified for is refused with the sentence that a training has for it", async () => {
  const home = temporaryFolder();
  const run = (...args: readonly string[]) => mrdataHere([...args, "--home", home]);
  for (const [value, told] of [
    ["0", "a miss budget of 0 allows no miss at all"],
    ["1", "a miss budget of 1 allows every miss"],
  ] as const) {
    const refused = await run("settings", "missBudget", value);
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining(`nothing was changed: ${told}`),
    ]);
  }
  expect((await run("settings", "missBudget", ".2")).code).toBe(0);
  expect((await run("settings", "--json")).stdout).toContain('"missBudget":0.2');
});

test("how versions are certified is set, shown, refused where it cannot be, and told by status", async () => {
  const home = temporaryFolder();
  const run = (...args: readonly string[]) => mrdataHere([...args, "--home", home]);
  expect((await run("settings", "certificate.delta", "0.05")).code).toBe(0);
  expect((await run("settings", "certificate.days", "90")).code).toBe(0);
  const refused = await run("settings", "certificate.delta", "0.6");
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("certificate.delta")]);
  expect((await run("settings", "--json")).stdout).toContain('"certificate":{"delta":0.05,"days":90}');
  const status = await run("status");
  expect(status.stdout).toContain(
    "certified  for a miss budget of 10 % with a delta of 0.05, by the last 90 days",
  );
});
