import { neededEvents } from "@mrdata/pagerduty";
import { defaultSettings, withMode } from "@mrdata/platform";
import { beforeAll, describe, expect, test } from "vitest";
import { TOKEN } from "../simulation/simulated-bot.ts";
import { ARMED_POLICY, BOT, ROBIN, SERVICE } from "../simulation/small-account.ts";
import { jsonLines, temporaryFolder } from "../support/mrdata.ts";
import { mrdataHere } from "../support/mrdata-here.ts";
import { servedPatient } from "../support/patient.ts";
import { anHourAgo, someVersion } from "../support/trained-version.ts";

let version: ReadonlyMap<string, Uint8Array>;
beforeAll(async () => {
  version = await someVersion(anHourAgo());
});

const armed = withMode(
  defaultSettings,
  SERVICE,
  { mode: "armed", policy: ARMED_POLICY },
  { who: ROBIN, at: 0, why: "a test" },
);
const patient = () => servedPatient(version, armed);

const checksIn = (stdout: string) => {
  const [line] = jsonLines(stdout);
  if (typeof line !== "object" || line === null || !("checks" in line) || !Array.isArray(line.checks))
    throw new Error("not a line of checks");
  return line.checks.map(
    (check: { name: string; state: string; needed: boolean; fix: string | null }) => check,
  );
};

describe("mrdata doctor", () => {
  test("finds a whole bot well, line by line, through a ping over real HTTP", async () => {
    const { run } = await patient();
    const { code, stdout, stderr } = await run("doctor");
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ok +bot-user +The bot is Mr Data \(PBOT\)\.$/m);
    expect(stdout).toMatch(/^ok +webhook-secret +A ping that PagerDuty signed came through/m);
    expect(stdout).toMatch(/^ok +champion +Model version v1 is champion/m);
    expect(stdout).toMatch(/Beside them, good to know:\n.*suspension/);
    expect(stdout).not.toMatch(/FAILED|unknown/);
  });

  test("exits with 4 for what is planted, names it and its fix, and says the same in JSON", async () => {
    const { run, pagerduty, subscription } = await patient();
    pagerduty.setPolicy({
      id: ARMED_POLICY,
      name: "Database, Mr Data first",
      repeat: 1,
      rules: [
        { delayMinutes: 30, targets: [{ type: "user", id: BOT.id }] },
        { delayMinutes: 15, targets: [{ type: "user", id: ROBIN }] },
      ],
    });
    pagerduty.setSubscription(subscription, { events: neededEvents.slice(1) });
    const { code, stdout, stderr } = await run("doctor", "--json");
    expect(code).toBe(4);
    const failed = checksIn(stdout).filter(({ state }) => state === "failed");
    expect(failed.map(({ name }) => name)).toEqual(["level-1-timeout", "window", "subscription-events"]);
    expect(failed.every(({ fix }) => fix !== null)).toBe(true);
    expect(stderr).toMatch(/not well: level-1-timeout, window, subscription-events/);
    const plain = await run("doctor");
    expect(plain.code).toBe(4);
    expect(plain.stdout).toMatch(
      /^FAILED +window .*\n +→ In PagerDuty, set level 1 of .* to escalate after 5 minutes/m,
    );
    expect(`${plain.stdout}${plain.stderr}${stdout}`).not.toContain(TOKEN);
    expect(`${plain.stdout}${plain.stderr}${stdout}`).not.toContain("shared-secret");
  });

  test("sees the bot as the bot noted itself, with nothing but the key and PagerDuty's address", async () => {
    const { home, url, env, withLedger } = await patient();
    const bare = { MRDATA_PAGERDUTY_TOKEN: env.MRDATA_PAGERDUTY_TOKEN, MRDATA_PAGERDUTY_URL: url };
    const { code, stdout } = await mrdataHere(["doctor", "--home", home], { env: bare });
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^ok +bot-user +The bot is Mr Data/m)]);
    await withLedger((ledger) => ledger.noteDeployment({ at: 0, environment: {} }));
    const unnoted = await mrdataHere(["doctor", "--home", home], { env: bare });
    expect(unnoted.stdout).toMatch(/FAILED +bot-user +The bot has no PagerDuty user/);
  });

  test("tells a secret that is another from a URL that nobody answers at", async () => {
    const { run, pagerduty, subscription } = await patient();
    pagerduty.setSubscription(subscription, { secret: "another" });
    const { code, stdout } = await run("doctor", "--ping-wait", "1s");
    expect(code).toBe(4);
    expect(stdout).toMatch(
      /FAILED +webhook-secret .*and one that we signed ourselves did: the signing secret is another/,
    );
  });

  test("without a key says so, and which variable sets it", async () => {
    const home = temporaryFolder();
    const { server, env } = await patient();
    expect(server.home).not.toBe(home);
    const { code, stdout } = await mrdataHere(["doctor", "--home", server.home], {
      env: { MRDATA_BOT_USER: env.MRDATA_BOT_USER },
    });
    expect(code).toBe(4);
    expect(stdout).toMatch(/FAILED +token .*\n.*MRDATA_PAGERDUTY_TOKEN/);
  });

  test("--service without --policy is a question of usage", async () => {
    const { code, stderr } = await mrdataHere(["doctor", "--service", "PDATABASE"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--service and --policy belong together/);
  });
});
