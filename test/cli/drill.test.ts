import { neededEvents } from "@mrdata/pagerduty";
import { expect, test } from "vitest";
import { TOKEN } from "../simulation/simulated-bot.ts";
import { ALEX, BOT, FALLBACK_POLICY, ROBIN, SERVICE, smallAccount } from "../simulation/small-account.ts";
import { withHomeLedger } from "../support/home-ledger.ts";
import { livePagerDuty } from "../support/live-pagerduty.ts";
import { jsonLines, serving, temporaryFolder } from "../support/mrdata.ts";
import { mrdataHere } from "../support/mrdata-here.ts";

test("on the simulator a page reaches people with the bot on within a minute, and with the bot dead at the window's end", async () => {
  const { code, stdout, stderr } = await mrdataHere(["drill", "--simulated", "--json"]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  const [on, dead] = jsonLines(stdout);
  expect(on).toMatchObject({
    case: "bot on",
    throughBot: true,
    by: "bot",
    reached: true,
    allowedSeconds: 360,
  });
  expect(on).toMatchObject({
    person: expect.stringMatching(/^P/),
    notifiedAfterSeconds: expect.toSatisfy((s) => s <= 60),
  });
  expect(dead).toMatchObject({
    case: "bot dead",
    throughBot: true,
    by: "pagerduty",
    reached: true,
    notifiedAfterSeconds: 300,
  });
});

/** A served bot on a PagerDuty in real time. */
async function livingBot() {
  const home = temporaryFolder();
  const live = await livePagerDuty(smallAccount());
  const env = {
    MRDATA_PAGERDUTY_URL: live.url,
    MRDATA_PAGERDUTY_TOKEN: TOKEN,
    MRDATA_BOT_USER: BOT.id,
    MRDATA_FROM: BOT.email,
    MRDATA_FALLBACK_POLICY: FALLBACK_POLICY,
    MRDATA_WEBHOOK_SECRET: "shared-secret",
  };
  const server = await serving(home, env);
  live.pagerduty.subscribe({ url: server.webhookUrl, events: neededEvents, secret: "shared-secret" });
  return {
    ...live,
    home,
    run: (...args: readonly string[]) => mrdataHere([...args, "--home", home], { env }),
  };
}

test("on the real thing it wants the service's name first, and then says who was paged and after how long", async () => {
  const { pagerduty, run, home } = await livingBot();
  const unconfirmed = await run("drill", SERVICE);
  expect(unconfirmed.code).toBe(2);
  expect(unconfirmed.stderr).toMatch(
    /pages whoever is on call\. To go on, say its name: --confirm='Database'/,
  );
  expect((await run("drill", SERVICE, "--confirm=database")).code).toBe(2);
  expect(pagerduty.incidents()).toEqual([]);

  const { code, stdout, stderr } = await run("drill", SERVICE, "--confirm=Database");
  expect([code, stderr]).toEqual([0, expect.stringMatching(/stays open for whom it reached to resolve/)]);
  expect(stdout).toMatch(
    /^PROBIN was paged after \d+ s \(360 s are allowed\); the bot had it first, and passed it on\.$/m,
  );
  const [incident] = pagerduty.incidents();
  expect(incident).toMatchObject({ status: "triggered", assignees: [ROBIN] });
  const stored = await withHomeLedger(home, (ledger) => ledger.prediction(incident?.id ?? ""));
  expect(stored).toMatchObject({ decision: "page", mode: "shadow" });
});

test("where people stand first it says that it did not come by the bot, and ends with 4 unless that is meant", async () => {
  const { pagerduty, run } = await livingBot();
  pagerduty.setService({
    id: SERVICE,
    name: "Database",
    policyId: FALLBACK_POLICY,
    urgency: "high",
    autoResolveTimeout: null,
    acknowledgementTimeout: null,
  });
  const { code, stdout, stderr } = await run("drill", SERVICE, "--confirm=Database", "--json");
  expect(code).toBe(4);
  expect(stderr).toContain("the bot was not on the way");
  expect((await run("drill", SERVICE, "--confirm=Database", "--without-bot")).code).toBe(0);
  expect(jsonLines(stdout)).toMatchObject([
    { throughBot: false, person: ALEX, by: "pagerduty", reached: true },
  ]);
});

test("a service or --simulated has to be named, and a key has to be there", async () => {
  const home = temporaryFolder();
  expect((await mrdataHere(["drill", "--home", home])).code).toBe(2);
  expect((await mrdataHere(["drill", SERVICE, "--home", home])).code).toBe(3);
});
