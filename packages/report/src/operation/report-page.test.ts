import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { alarmPage } from "./alarm-page.ts";
import { incidentPage } from "./incident-page.ts";
import {
  hostileTitles,
  NOW,
  someAlarmReport,
  someIncidentReport,
  someIncidents,
  someReport,
} from "./report-data.fixture.ts";
import { reportPage } from "./report-page.ts";

const links = {
  index: "/report",
  incident: (incident: string) => `/report/incident/${incident}`,
  alarm: (alarm: string) => `/report/alarm/${encodeURIComponent(alarm)}`,
};
const served = { links, isLive: true, hasControls: true };
const nothingBroken = /NaN|undefined|\[object|Infinity|\bnull\b/;
const sections = [
  "Held now",
  "Tonight",
  "Last night and last week",
  "Late, by name",
  "Miss budget",
  "Promised and seen",
  "Monitors to fix",
  "Services",
  "Model versions",
  "What people forbade",
];

describe("the report page", () => {
  test("has every section, of a week, of nothing at all, and of 10,000 incidents", () => {
    for (const count of [120, 0, 10_000]) {
      const page = reportPage(someReport(count), served);
      for (const section of sections) expect(page, `${count}: ${section}`).toContain(`>${section}</h`);
      expect(page).not.toMatch(nothingBroken);
      expect(page.length).toBeLessThan(400_000);
    }
  });

  test("asks nobody for anything: no address but links to https and to pages of its own", () => {
    const page = reportPage(someReport(120), served);
    const links = [...page.matchAll(/(?:href|src|action)="([^"]*)"/g)].map(([, address = ""]) => address);
    expect(links.length).toBeGreaterThan(20);
    expect(
      links.filter((address) => !/^(https:\/\/acme\.pagerduty\.com\/|\/report\b|#)/.test(address)),
    ).toEqual([]);
    expect(page).not.toMatch(
      /<link|<img|<iframe|<object|\son\w+=|@import|url\(|javascript:|http-equiv="refresh"/i,
    );
  });

  test("its policy forbids all but its own style and the one script, by their hashes", () => {
    const page = reportPage(someReport(3), served);
    const [, policy = ""] = /content-security-policy" content="([^"]*)"/.exec(page) ?? [];
    for (const [tag, directive] of [
      ["style", "style-src"],
      ["script", "script-src"],
    ] as const) {
      const [, text = ""] = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(page) ?? [];
      expect(policy).toContain(`${directive} 'sha256-${createHash("sha256").update(text).digest("base64")}'`);
    }
    expect(policy).toMatch(/^default-src 'none'; /);
    expect(policy).not.toContain("unsafe");
    const file = reportPage(someReport(3));
    expect(file).not.toMatch(/<script|script-src|<form/);
    expect(file).toContain("form-action 'none'");
  });

  test("titles from outside are text: no markup, nothing invisible, no end without an end", () => {
    for (const page of [
      reportPage(someReport(60, hostileTitles), served),
      ...hostileTitles.flatMap((title) => [
        incidentPage(someIncidentReport(title), links),
        alarmPage(someAlarmReport(title, 3), links),
      ]),
    ]) {
      expect(page).not.toMatch(/<script>alert|<img|<svg onload|[\u202a-\u202e\u2028\0]|x{200}/);
      expect(page.isWellFormed()).toBe(true);
      expect(page).not.toMatch(nothingBroken);
    }
    expect(reportPage(someReport(60, hostileTitles), served)).toContain("(no title)");
  });

  test("every late one is named, with when and by how much", () => {
    const data = someReport(120);
    const late = data.incidents.filter(({ result, mode }) => result === "miss" && mode === "armed");
    expect(late.length).toBeGreaterThan(0);
    const [, list = ""] = /Late, by name<\/h3>([\s\S]*?)<\/ol>/.exec(reportPage(data, served)) ?? [];
    for (const { incident } of late) expect(list).toContain(`/report/incident/${incident}"`);
    expect(list.match(/<li>/g)).toHaveLength(late.length);
    expect(list.match(/by 5 min/g)).toHaveLength(late.length);
  });

  test("what is held counts down to when PagerDuty escalates", () => {
    const page = reportPage(someReport(120), served);
    expect(page).toContain("1 page held back right now");
    expect(page).toMatch(/<b data-until="\d+">3:14<\/b> until PagerDuty escalates at <time [^>]*>04:34</);
  });

  test("times are those of the reader's zone, and a zone moves the night", () => {
    const berlin = reportPage({ ...someReport(120), timeZone: "Europe/Berlin" }, served);
    expect(berlin).toContain("Mon 2 Mar, 05:31 (Europe/Berlin)");
    const tokyo = reportPage({ ...someReport(120), timeZone: "Asia/Tokyo" }, served);
    expect(tokyo).toContain(">Today so far</h2>");
    expect(() => reportPage({ ...someReport(1), timeZone: "Mars/Olympus" })).toThrow(RangeError);
  });

  test("a disarmed bot, settings that cannot be read and a spent budget stand at the top, in words", () => {
    const data = someReport(20);
    const page = reportPage({
      ...data,
      disarmed: { who: "robin", at: NOW, why: "<it> was late" },
      settingsProblem: "settings/bot: missBudget",
      budget: data.budget && { ...data.budget, exceeded: "3 within a day" },
    });
    expect(page).toContain("The bot is disarmed: everything is paged at once");
    expect(page).toContain("Disarmed by robin: &lt;it&gt; was late.");
    expect(page).toContain("the settings cannot be read: settings/bot: missBudget");
    expect(page).toContain("3 within a day");
    expect(reportPage({ ...data, budget: null })).not.toMatch(nothingBroken);
  });

  test("says where not all was counted", () => {
    expect(reportPage({ ...someReport(20), isCut: true })).toContain("Only the newest 20 incidents");
  });
});

test("the page of an incident says what was predicted, which guard rails stopped it, and what happened", () => {
  const page = incidentPage(someIncidentReport("Disk 91% full"), links);
  expect(page).toMatch(/Predicted .* likely to resolve itself, by v1/);
  // What stopped it comes before what did not.
  const rails = [...page.matchAll(/<th scope="row" role="rowheader">(\w+)/g)].map(([, name]) => name);
  expect(rails).toEqual(["caps", "novelty"]);
  expect(page).toContain("triggered");
  const unknown = {
    ...someIncidentReport("x"),
    decision: null,
    openedAt: null,
    alarm: null,
    events: [],
    service: null,
  };
  expect(incidentPage(unknown)).toContain("the bot never predicted this incident");
  expect(incidentPage(unknown)).not.toMatch(nothingBroken);
});

test("the page of an alarm has its ladder of names, a stroke for each past one, and what the bot believes", () => {
  const page = alarmPage(someAlarmReport("Disk 91% full", 70), links);
  for (const name of ["as it is", "without numbers, hosts and addresses", "by its words alone"])
    expect(page).toContain(name);
  expect(page.match(/<rect class="f-/g)).toHaveLength(70);
  const past = someIncidents(70);
  const self = past.filter(({ outcome }) => outcome === "self-resolved").length;
  expect(page).toContain(`70 incidents, the oldest first: ${self} resolved themselves`);
  expect(page).toContain("91.0 % likely to resolve itself; hold, decided by <strong>threshold</strong>");
  const never = alarmPage(someAlarmReport("x", 0));
  expect(never).toContain("It was not seen in the time that is kept.");
  expect(never).not.toMatch(nothingBroken);
});
