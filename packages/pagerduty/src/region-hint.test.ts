import { expect, test } from "vitest";
import { createPagerDuty } from "./rest-client.ts";

const messageOf = async (baseUrl: string | undefined): Promise<readonly [string, readonly string[]]> => {
  const asked: string[] = [];
  const client = createPagerDuty({
    auth: { kind: "token", token: async () => "unknown-here" },
    from: null,
    ...(baseUrl === undefined ? {} : { baseUrl }),
    clock: { now: () => 0, sleep: () => new Promise(() => {}) },
    fetch: async (url) => {
      asked.push(new URL(String(url)).host);
      return new Response("", { status: 401 });
    },
  });
  const error: unknown = await client.getIncident("Q1").catch((thrown: unknown) => thrown);
  return [error instanceof Error ? error.message : "", asked];
};

test("a key that answers 401 is tried nowhere else, and the message names the other region", async () => {
  expect(await messageOf(undefined)).toEqual([
    expect.stringMatching(/with 401: .*https:\/\/api\.eu\.pagerduty\.com: set MRDATA_PAGERDUTY_URL/u),
    ["api.pagerduty.com"],
  ]);
  const [european, asked] = await messageOf("https://api.eu.pagerduty.com");
  expect(european).toContain("https://api.pagerduty.com: set MRDATA_PAGERDUTY_URL");
  expect(asked).toEqual(["api.eu.pagerduty.com"]);
  expect((await messageOf("http://127.0.0.1:1"))[0]).not.toContain("MRDATA_PAGERDUTY_URL");
});
