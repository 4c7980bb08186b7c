import { describe, expect, test } from "vitest";
import { hostileTitles, NOW, someReport } from "../operation/report-data.fixture.ts";
import { digestOf } from "./digest-of.ts";
import { digestMail, digestSlack, digestText } from "./formats.ts";

const nothingBroken = /NaN|undefined|\[object|Infinity|\bnull\b/;

describe("the digest", () => {
  test("lists spared and late pages, monitors to fix, the budget and changes, in three formats", () => {
    const data = someReport(120);
    const late = data.incidents.filter(({ result, mode }) => result === "miss" && mode === "armed");
    const digest = digestOf({
      ...data,
      models: { ...data.models, drifted: ["Checkout clears itself less often."] },
    });
    for (const form of [digestText(digest), digestMail(digest), JSON.stringify(digestSlack(digest))]) {
      for (const words of [
        "Mon 23 Feb to Mon 2 Mar (UTC)",
        "Late, by name",
        "Monitors to fix",
        "of a budget of 10.0 %",
      ])
        expect(form).toContain(words);
      expect(form).toContain("Checkout clears itself less often.");
      expect(form.match(/, by 5 min/g)).toHaveLength(late.length);
      expect(form).not.toMatch(nothingBroken);
    }
    expect(digestText(digest)).toMatch(/^Mr Data, .*\n\d+ pages spared, 2 late, in 7 days\n/);
  });

  test("says so if nothing happened, and first of all if the bot is disarmed", () => {
    const digest = digestOf(someReport(0));
    expect(digestText(digest)).toContain("Nobody was paged late.");
    expect(digestText(digest)).toContain("0 pages spared, none late");
    const off = digestOf({ ...someReport(0), disarmed: { who: "robin", at: NOW, why: "a bad night" } });
    expect(off.headline).toBe("The bot is disarmed, by robin: a bad night");
  });

  test("titles cannot mention anybody, add links or break the markup", () => {
    const titles = [...hostileTitles, "<!channel> <https://evil.example|x> *bold* `code` | pipe", "<@U123>"];
    const data = someReport(200, titles);
    const all = data.incidents.map((one) => ({
      ...one,
      mode: "armed" as const,
      decision: "hold" as const,
      result: "miss" as const,
    }));
    const digest = digestOf({ ...data, incidents: all });
    const { blocks, text } = digestSlack(digest);
    const sent = JSON.stringify(blocks) + text;
    expect(sent).not.toMatch(/<[!@#]|<https:\/\/evil/);
    // What is left of pointed brackets are our own links to PagerDuty.
    const links = [...sent.matchAll(/<([^>|]*)\|/g)].map(([, link = ""]) => link);
    expect(links.length).toBeGreaterThan(3);
    expect(links.every((link) => link.startsWith("https://acme.pagerduty.com/"))).toBe(true);
    expect(digestMail(digest)).not.toMatch(/<script|<img|<svg|javascript:/);
  });

  test("a week of nothing names the last decision, and one page is 'once'", () => {
    const nothing = { ...someReport(0), lastDecidedAt: Date.parse("2026-02-01T03:04:30Z") };
    expect(digestText(digestOf(nothing))).toContain("the last decision is of 2026-02-01 03:04 UTC.");
    expect(digestText(digestOf(nothing))).toContain("--at 2026-02-01T03:10Z");
    const text = digestText(digestOf(someReport(40)));
    expect(text).toMatch(/paged (once|\d+ times) for nothing/);
    expect(text).not.toMatch(/paged 1 times/);
  });

  test("no block exceeds Slack's limits, however long the digest", () => {
    const long = someReport(2_000, ["y".repeat(400)]);
    const { blocks } = digestSlack(
      digestOf({ ...long, disarmed: { who: "w".repeat(300), at: NOW, why: "w".repeat(300) } }),
    );
    expect(blocks.length).toBeLessThanOrEqual(50);
    for (const { type, text } of blocks)
      expect(text.text.length).toBeLessThanOrEqual(type === "header" ? 150 : 3_000);
  });
});
