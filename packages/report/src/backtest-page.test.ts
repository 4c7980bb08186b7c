import { describe, expect, test } from "vitest";
import { backtestPage } from "./backtest-page.ts";
import { reportOf, scoredIncidents, someChoices } from "./report.fixture.ts";

const html = backtestPage(reportOf(scoredIncidents(400)));
const matches = (pattern: RegExp, text = html) => [...text.matchAll(pattern)].map(([whole]) => whole);

describe("the page of a backtest", () => {
  test("is self-contained: no script, address or file, and a policy that forbids them", () => {
    expect(html).toMatch(/^<!doctype html>/);
    expect(html).not.toMatch(
      /<script|<link|<img|<iframe|<object|\son\w+=|https?:|\/\/|src=|href=|@import|url\(/i,
    );
    expect(html).toMatch(
      /content="default-src 'none'; style-src 'sha256-[\w+/=]{44}'; base-uri 'none'; form-action 'none'"/,
    );
  });

  test("every drawing has a text alternative and a data table with rows", () => {
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

  test("the reliability chart and its table agree", () => {
    const { figures } = reportOf(scoredIncidents(400));
    for (const { predicted, observed, count } of figures.reliability) {
      const [p, o] = [predicted, observed].map((share) => `${(100 * share).toFixed(1)} %`);
      expect(html).toContain(`<title>predicted ${p}, seen ${o}, ${count} incidents</title>`);
      expect(html).toContain(`<th scope="row">${p}</th><td>${o}</td><td>${count}</td>`);
    }
  });

  test("untrusted names are text, never markup", () => {
    expect(html).toContain("PSVC&lt;1&gt;&amp;&quot;&#39;");
    expect(html).toContain("&lt;history&gt;.ndjson");
    expect(html).toContain("Leave the bot in &lt;shadow&gt;.");
    expect(html).not.toContain("<shadow>");
  });

  test("compares the ways of paging, by service and by night and day, and lists every block", () => {
    for (const way of ["Mr Data", "alert type&#39;s own rate", "page always", "fixed delay of 5 min"])
      expect(html).toContain(`<th scope="row">${way}</th>`);
    for (const row of ["night", "day", "PSVC002", "2026-03-02 00:00"])
      expect(html).toContain(`<th scope="row">${row}</th>`);
    expect(html).toContain("held nothing");
  });

  test("where nothing can be certified it ends in a choice: windows and surenesses, what is needed, and every miss by name", () => {
    const few = scoredIncidents(30).map((one) => ({ ...one, hold: false }));
    const page = backtestPage({ ...reportOf(few), choices: someChoices("<i>Disk</i> full", 25) });
    expect(page).toContain(
      "To hold anything: about 2,300 more incidents of this kind, or a window of 15 min (held from 87 % on).",
    );
    expect(page).toContain('<th scope="row">90.0 %</th><td>2.8 %, ≤ 1.9 %</td><td>2.8 %, ≤ 1.9 % ✓</td>');
    expect(page).toContain('<th scope="col">5 min *</th><th scope="col">15 min</th>');
    expect(page).toContain("12 of 41");
    const short = { ...someChoices("x").table[0], windowSeconds: 60, held: 0 };
    const { table } = someChoices("x");
    const some = {
      ...someChoices("x"),
      table: [...table.map((one) => ({ ...one, ...short, sureness: one.sureness })).slice(0, 2), ...table],
    };
    expect(backtestPage({ ...reportOf(few), choices: some })).toContain(
      "With a window of 1 min nothing would be held.",
    );
    for (let i = 0; i < 25; i++) expect(page).toContain(`QLATE${i}<`);
    expect(page).toContain("<summary>5 more</summary>");
    expect(page).toContain("Mail &lt;b&gt;out&lt;/b&gt;");
    expect(page).not.toMatch(/<i>Disk|<b>out|the dot is what/);
    expect(html).not.toContain("What you may choose from");
    const unsure = { ...someChoices("x"), table: [], from: null, alarms: [], misses: [] };
    expect(backtestPage({ ...reportOf(few), choices: unsure })).toContain("none was sure enough");
  });

  test("is complete even if nothing was held and little is known", () => {
    const few = scoredIncidents(3).map((one) => ({ ...one, hold: false }));
    const page = backtestPage(reportOf(few));
    expect(page).toContain("From 2 March 2026 to 2 March 2026, Mr Data would have held nothing");
    // Of nothing there is no interval.
    expect(page).not.toContain("In 95 of 100");
    // None of 134 was delayed: 1 − .05^(1/134).
    expect(html).toContain(
      "It delayed none of 134 that did not resolve themselves: of such, with 95 % confidence, it delays at most 2.2 %.",
    );
    expect(html).not.toContain("0.0 % to 0.0 %");
    expect(page).not.toMatch(/NaN|undefined|null|Infinity/);
    expect(html).not.toMatch(/NaN|undefined|null|Infinity/);
  });

  test("names its period in the headline", () => {
    expect(html).toMatch(/<h1>From 2 March 2026 to 18 March 2026, Mr Data would have spared \d+ pages/);
  });

  test("draws every way of its table, also beyond the edge, without overlapping labels", () => {
    const [drawing = ""] = matches(/<svg role="img" aria-label="Pages spared against[\s\S]*?<\/svg>/g);
    const ways = [
      "Mr Data",
      "alert type&#39;s own rate",
      "page always",
      "fixed delay of 5 min",
      "fixed delay of 10 min",
    ];
    const labels = [
      ...drawing.matchAll(/<text class="name" x="([\d.-]+)" y="([\d.-]+)" text-anchor="(\w+)">([^<]*)</g),
    ].map(([, x, y, anchor, text = ""]) => {
      const width = 6 * text.replace(/&#39;/g, "'").length;
      const from = Number(x) - (anchor === "end" ? width : 0);
      return { from, to: from + width, y: Number(y), text };
    });
    expect(labels.map(({ text }) => text.replace(" ›", "")).toSorted()).toEqual(ways.toSorted());
    for (const [i, a] of labels.entries())
      for (const b of labels.slice(i + 1))
        expect(a.to < b.from || b.to < a.from || Math.abs(a.y - b.y) >= 12, `${a.text} and ${b.text}`).toBe(
          true,
        );
    for (const way of ways) expect(drawing).toMatch(new RegExp(`<title>${way}(:|, beyond)`));
  });
});
