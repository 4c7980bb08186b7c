import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { createDiscreteClock, createPagerDutyDouble, substream } from "@mrdata/simulator";
import { expect, onTestFinished, test } from "vitest";
import { SERVICE, smallAccount } from "../simulation/small-account.ts";
import { jsonLines, startMrdata, temporaryFolder } from "../support/mrdata.ts";
import { mrdataHere } from "../support/mrdata-here.ts";

const DAY = 86_400_000;
const TOKEN = "read-only-token";
const WEEKS = 4;
const EACH = 20;

/** An account with a past of four weeks, on a server that may stop answering; and what it was asked for. */
async function account() {
  const now = Date.now();
  const clock = createDiscreteClock(now - WEEKS * 7 * DAY);
  const double = createPagerDutyDouble({
    clock,
    account: smallAccount({ restTokens: [{ token: TOKEN, scopes: "read" }] }),
    random: substream(() => 0.5),
  });
  for (let i = 0; i < WEEKS * EACH; i++) {
    await clock.run(now - WEEKS * 7 * DAY + (i * 7 * DAY) / EACH + 60_000);
    double.trigger({ serviceId: SERVICE, dedupKey: `k${i}`, title: "Queue is long" });
    await clock.run(clock.now() + 120_000);
    double.clear({ serviceId: SERVICE, dedupKey: `k${i}` });
  }
  await clock.run(now);
  const asked: string[] = [];
  let silentAfter = Number.POSITIVE_INFINITY;
  let silent = () => {};
  const server = createServer(async (incoming, outgoing) => {
    const path = decodeURIComponent(incoming.url ?? "");
    asked.push(path);
    if (asked.length > silentAfter) return silent();
    const response = await double.handle(
      new Request(`http://127.0.0.1${incoming.url}`, {
        headers: { authorization: String(incoming.headers.authorization) },
      }),
    );
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(await response.text());
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    asked,
    env: { MRDATA_PAGERDUTY_URL: `http://127.0.0.1:${address.port}`, MRDATA_PAGERDUTY_TOKEN: TOKEN },
    /** Resolves when the request after so many has come, which gets no answer. */
    silence: (after: number) =>
      new Promise<void>((resolve) => {
        silentAfter = asked.length + after;
        silent = resolve;
      }),
    speak: () => {
      silentAfter = Number.POSITIVE_INFINITY;
    },
  };
}

test("an import over the REST API that was killed goes on behind the last week that it read", {
  timeout: 120_000,
}, async () => {
  const { asked, env, silence, speak } = await account();
  const home = join(temporaryFolder(), "home");
  const args = ["import", "--from-pagerduty", "--since", "28d", "--home", home];
  // Counting and two weeks, each with its own count and log.
  const silent = silence(10);
  const child = startMrdata(args, env);
  await silent;
  child.kill("SIGKILL");
  await child.ended;
  const state = join(home, "import-from-pagerduty.ndjson");
  const kept = readFileSync(state, "utf8");
  expect(kept).toContain('"done"');
  expect(kept).not.toContain(TOKEN);

  speak();
  const before = asked.length;
  const other = await mrdataHere(["import", "--from-pagerduty", "--since", "14d", "--home", home], { env });
  expect(other).toMatchObject({ code: 1 });
  expect(other.stderr).toContain("go on with --since 28d, or begin anew with --restart");
  expect(asked).toHaveLength(before);

  const done = await mrdataHere([...args, "--json"], { env });
  expect(done.stderr).toContain("going on at");
  expect(jsonLines(done.stdout)[0]).toMatchObject({ added: WEEKS * EACH, bad: 0 });
  const pages = (paths: readonly string[]) =>
    paths.filter((path) => path.startsWith("/incidents?") && path.includes("sort_by"));
  // The first week was not asked for again.
  const [first] = pages(asked);
  expect(pages(asked.slice(before))).not.toContain(first);
  expect(existsSync(state)).toBe(false);

  const again = await mrdataHere([...args, "--json"], { env });
  expect(jsonLines(again.stdout)[0]).toMatchObject({ added: 0, known: WEEKS * EACH, events: 0 });
});

test("without a token, with files, or with a token that PagerDuty refuses, it says what to do", async () => {
  const home = join(temporaryFolder(), "home");
  const without = await mrdataHere(["import", "--from-pagerduty", "--home", home]);
  expect(without).toMatchObject({ code: 3 });
  expect(without.stderr).toContain("MRDATA_PAGERDUTY_TOKEN");
  expect(await mrdataHere(["import", "x.csv", "--from-pagerduty", "--home", home])).toMatchObject({
    code: 2,
  });
  const { env } = await account();
  const refused = await mrdataHere(["import", "--from-pagerduty", "--home", home], {
    env: { ...env, MRDATA_PAGERDUTY_TOKEN: "another-token" },
  });
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("401");
  expect(refused.stderr).not.toContain("another-token");
});
