import { describe, expect, test } from "vitest";
import { backtestPage } from "./backtest-page.ts";
import { reportOf, scoredIncidents } from "./report.fixture.ts";

const html = backtestPage(reportOf(scoredIncidents(400)));
const matches = (pattern: RegExp, text = html) => [...text.matchAll(pattern)].map(([whole]) => whole);

describe("the page of a backtest", () => {
  test("needs nothing from anywhere: no script, no address, no file, and a policy that forbids them", () => {
    expect(html).toMatch(/^<!doctype html>/);
    expect(html).not.toMatch(
      /<script|<link|<img|<iframe|<object|\son\w+=|https?:|\/\/|src=|href=|@import|url\(/i,
    );
    expect(html).toMatch(
      /content="default-src 'none'; style-src 'sha256-[\w+/=]{44}'; base-uri 'none'; form-action 'none'"/,
    );
  });

  test("every drawing says in words what it shows, and has a twin table with rows", () => {
    const figures = matches(/<figure class="\w+">[\s\S]*?<\/figure>/g);
    expect(figures).toHaveLength(3);
    for (const figure of figures) {
      expect(figure).toMatch(/<svg role="img" aria-label="[^"]{20,}"/);
      expect(figure).toContain("<figcaption>");
      const [twin = ""] = matches(/<table class="figures">[\s\S]*<\/table>/g, figure);
      expect(matches(/<tr><th scope="row">/g, twin).length).toBeGreaterThan(2);
    }
    // Other drawings are but bars beside their figure.
    expect(matches(/<svg /g).length).toBe(matches(/<svg (role="img" aria-label|aria-hidden)/g).length);
  });

  test("what the dots of the reliability say is what its table says", () => {
    const { figures } = reportOf(scoredIncidents(400));
    for (const { predicted, observed, count } of figures.reliability) {
      const [p, o] = [predicted, observed].map((share) => `${(100 * share).toFixed(1)} %`);
      expect(html).toContain(`<title>predicted ${p}, seen ${o}, ${count} incidents</title>`);
      expect(html).toContain(`<th scope="row">${p}</th><td>${o}</td><td>${count}</td>`);
    }
  });

  test("names from outside are text, never markup", () => {
    expect(html).toContain("PSVC&lt;1&gt;&amp;&quot;&#39;");
    expect(html).toContain("&lt;history&gt;.ndjson");
    expect(html).toContain("Leave the bot in &lt;shadow&gt;.");
    expect(html).not.toContain("<shadow>");
  });

  test("tells the ways side by side, by service and by night and day, and every block", () => {
    for (const way of ["Mr Data", "alert type&#39;s own rate", "page always", "fixed delay of 5 min"])
      expect(html).toContain(`<th scope="row">${way}</th>`);
    for (const row of ["night", "day", "PSVC002", "2026-03-02 00:00"])
      expect(html).toContain(`<th scope="row">${row}</th>`);
    expect(html).toContain("held nothing");
  });

  test("is as whole where nothing was held and hardly anything is known", () => {
    const few = scoredIncidents(3).map((one) => ({ ...one, hold: false }));
    const page = backtestPage(reportOf(few));
    expect(page).toContain("Mr Data would have held nothing");
    expect(page).not.toMatch(/NaN|undefined|null|Infinity/);
    expect(html).not.toMatch(/NaN|undefined|null|Infinity/);
  });
});
