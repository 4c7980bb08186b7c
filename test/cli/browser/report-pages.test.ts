import {
  alarmPage,
  backtestPage,
  cardPage,
  digestMail,
  digestOf,
  incidentPage,
  reportPage,
} from "@mrdata/report";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  hostileTitles,
  someAlarmReport,
  someIncidentReport,
  someReport,
} from "../../../packages/report/src/operation/report-data.fixture.ts";
import {
  reportOf,
  scoredIncidents,
  someCard,
  someChoices,
} from "../../../packages/report/src/report.fixture.ts";
import { ADDRESS, chromiumPath, NO_CHROMIUM, openChromium, seriousFindings, show } from "./chromium.ts";

const links = {
  index: "/report",
  incident: (incident: string) => `/report/incident/${incident}`,
  alarm: (alarm: string) => `/report/alarm/${encodeURIComponent(alarm)}`,
};
const served = { links, isLive: true, hasControls: true };
const [hostile = ""] = hostileTitles;
/** Without blanks, so that it can be broken nowhere by itself. */
const endless = "W".repeat(150);

const pages: Readonly<Record<string, string>> = {
  "a week": reportPage(someReport(120), served),
  "10,000 incidents": reportPage(someReport(10_000), served),
  "nothing at all": reportPage(someReport(0), served),
  "hostile titles": reportPage(someReport(60, [...hostileTitles, endless]), served),
  "a file": reportPage(someReport(30)),
  "an incident": incidentPage(someIncidentReport(endless), links),
  "an incident with a hostile title": incidentPage(someIncidentReport(hostile), links),
  "an alarm": alarmPage(someAlarmReport(endless, 90), links),
  "a week of nothing after earlier decisions": reportPage({
    ...someReport(0),
    lastDecidedAt: Date.parse("2025-12-24T03:04:30Z"),
  }),
  "a backtest that ends in a choice": backtestPage({
    ...reportOf(scoredIncidents(400).map((one) => ({ ...one, hold: false }))),
    choices: someChoices(endless, 25),
  }),
  "a backtest": backtestPage(reportOf(scoredIncidents(400))),
  "a model's card": cardPage(someCard(), { numbers: ["load"], texts: ["<region>"] }),
  "Monday's mail": digestMail(digestOf(someReport(120, [...hostileTitles, "Disk full"]))),
};

const WIDTHS = [390, 768, 1280];
const SCHEMES = [
  ["light", "everything"],
  ["dark", "colours"],
] as const;

/** Axe looks at every page but this one, which is built of the same parts as the week, and takes it a minute. */
const MADE_OF_THE_SAME = "10,000 incidents";

/** What is wider than the page, or sticks out of it without being in something that scrolls by itself. */
const sticksOut = `[...document.querySelectorAll("body *")]
  .filter((one) => !one.closest(".wide, svg, .skip") && one.getBoundingClientRect().right > innerWidth + 1)
  .map((one) => one.outerHTML.slice(0, 120))
  .concat([...document.querySelectorAll("svg text")].flatMap((one) => {
    const [own, drawing] = [one.getBoundingClientRect(), one.ownerSVGElement.getBoundingClientRect()];
    return own.left < drawing.left - 1 || own.right > drawing.right + 1 ? ["cut off: " + one.textContent] : [];
  }))
  .concat(document.documentElement.scrollWidth > innerWidth ? ["the page scrolls sideways"] : [])`;

const path = chromiumPath();

describe("in a browser", () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    if (path === null) return;
    browser = await openChromium(path);
    page = await browser.newPage();
  });
  afterAll(async () => {
    if (path !== null) await browser.close();
  });

  for (const [name, html] of Object.entries(pages))
    test(`${name} fits 390, 768 and 1280 pixels, is sound to axe, and asks for nothing`, async ({ skip }) => {
      if (path === null) return skip(NO_CHROMIUM);
      const { requests, problems } = await show(page, html);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        expect(await page.evaluate(sticksOut), `${width}`).toEqual([]);
        if (name === MADE_OF_THE_SAME) continue;
        for (const [colorScheme, of] of SCHEMES) {
          await page.emulateMedia({ colorScheme });
          expect(await seriousFindings(page, of), `${width} ${colorScheme}`).toEqual([]);
        }
      }
      expect(requests).toEqual([ADDRESS]);
      expect(problems).toEqual([]);
      expect(await page.evaluate("document.querySelectorAll('script').length")).toBeLessThanOrEqual(1);
    });

  test("axe would see a fault, and the policy stops a script and a request that got in", async ({ skip }) => {
    if (path === null) return skip(NO_CHROMIUM);
    const planted = (pages["a week"] ?? "").replace(
      "</main>",
      `<img src="http://elsewhere.test/x.png"><p style="color: #888; background: #999">x</p><script>document.title = "broken"</script></main>`,
    );
    const { problems } = await show(page, planted);
    expect(await seriousFindings(page)).not.toEqual([]);
    expect(problems.filter((problem) => problem.includes("Content Security Policy")).length).toBeGreaterThan(
      1,
    );
    expect(await page.title()).toBe("Mr Data: report");
  });

  test("counts down what is held, loads itself again after a minute, and not while somebody uses it", async ({
    skip,
  }) => {
    if (path === null) return skip(NO_CHROMIUM);
    await page.clock.install({ time: someReport(0).at });
    const { requests } = await show(page, pages["a week"] ?? "");
    const held = page.locator("[data-until]");
    await page.clock.runFor(2_000);
    expect(await held.textContent()).toMatch(/^3:1[0-3]$/);
    await page.locator("select").first().focus();
    await page.clock.runFor(90_000);
    expect(requests).toHaveLength(1);
    await page.evaluate("document.activeElement.blur()");
    const again = page.waitForEvent("load");
    await page.clock.runFor(10_000);
    await again;
    expect(requests).toEqual([ADDRESS, ADDRESS]);
  });

  test("by keyboard: the first stop leads past the head, and what scrolls sideways can be reached and scrolled", async ({
    skip,
  }) => {
    if (path === null) return skip(NO_CHROMIUM);
    const own = await browser.newPage({ viewport: { width: 390, height: 900 } });
    try {
      await show(own, pages["a backtest"] ?? "");
      const wide = own.locator(".wide").first();
      await wide.focus();
      await own.keyboard.press("ArrowRight");
      await expect.poll(() => wide.evaluate((one) => one.scrollLeft)).toBeGreaterThan(0);
      await show(own, pages["a week"] ?? "");
      await own.keyboard.press("Tab");
      expect(await own.evaluate("document.activeElement.getAttribute('href')")).toBe("#main");
      await own.keyboard.press("Enter");
      await own.keyboard.press("Tab");
      expect(await own.evaluate("document.activeElement.closest('main') !== null")).toBe(true);
    } finally {
      await own.close();
    }
  });
});
