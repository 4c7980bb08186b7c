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

  test("makes no requests: the only addresses are https links and its own pages", () => {
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

  test("its policy allows only its own style and the one script, by their hashes", () => {
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

  test("untrusted titles are text: no markup, nothing invisible, limited length", () => {
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

  test("a page of nothing names the last decision and the command that shows its time", () => {
    const lastDecidedAt = Date.parse("2025-12-24T03:04:30Z");
    const page = reportPage({ ...someReport(0), lastDecidedAt });
    expect(page).toContain("the last decision is of 2025-12-24 03:04 UTC.");
    // Five minutes later it had ended.
    expect(page).toContain("<code>mrdata report --at 2025-12-24T03:10Z --html report.html</code>");
    expect(reportPage({ ...someReport(0), lastDecidedAt: null })).not.toContain("the last decision");
  });

  test("the bot's own sentences are shown whole, also where they are longer than a title may be", () => {
    const long = `The share of ${"this alert's incidents ".repeat(12)}is 86 %.`;
    const report = someIncidentReport("Disk full");
    expect(report.decision).not.toBeNull();
    if (report.decision === null) return;
    const decision = {
      ...report.decision,
      reasons: [long],
      verdicts: [{ name: "certificate", allowsHold: false, sentence: long }],
    };
    const page = incidentPage({ ...report, decision });
    expect(page.split("is 86 %.")).toHaveLength(3);
    expect(page).not.toContain("…");
  });

  test("every late page is listed with its time and delay", () => {
    const data = someReport(120);
    const late = data.incidents.filter(({ result, mode }) => result === "miss" && mode === "armed");
    expect(late.length).toBeGreaterThan(0);
    const [, list = ""] = /Late, by name<\/h3>([\s\S]*?)<\/ol>/.exec(reportPage(data, served)) ?? [];
    for (const { incident } of late) expect(list).toContain(`/report/incident/${incident}"`);
    expect(list.match(/<li>/g)).toHaveLength(late.length);
    expect(list.match(/by 5 min/g)).toHaveLength(late.length);
  });

  test("held incidents count down to PagerDuty's escalation", () => {
    const page = reportPage(someReport(120), served);
    expect(page).toContain("1 page held back right now");
    expect(page).toMatch(/<b data-until="\d+">3:14<\/b> until PagerDuty escalates at <time [^>]*>04:34</);
  });

  test("times and nights are in the reader's zone", () => {
    const berlin = reportPage({ ...someReport(120), timeZone: "Europe/Berlin" }, served);
    expect(berlin).toContain("Mon 2 Mar, 05:31 (Europe/Berlin)");
    const tokyo = reportPage({ ...someReport(120), timeZone: "Asia/Tokyo" }, served);
    expect(tokyo).toContain(">Today so far</h2>");
    expect(() => reportPage({ ...someReport(1), timeZone: "Mars/Olympus" })).toThrow(RangeError);
  });

  test("a disarmed bot, unreadable settings and a spent budget are stated at the top", () => {
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

  test("says so if not everything was counted", () => {
    expect(reportPage({ ...someReport(20), isCut: true })).toContain("Only the newest 20 incidents");
  });
});

test("the page of an incident shows the prediction, the guard rails that denied a hold, and the events", () => {
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

test("the page of an alarm shows its names, a bar for each past incident, and the latest decision", () => {
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
