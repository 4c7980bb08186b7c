import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Where Chromium is: as MRDATA_CHROMIUM says, or where Debian puts it; null where there is none. */
export const chromiumPath = (): string | null =>
  [process.env.MRDATA_CHROMIUM, ...PLACES].find((file) => file !== undefined && existsSync(file)) ?? null;

export const NO_CHROMIUM = "Chromium is missing; to have it run: apt-get install chromium";

export async function openChromium(path: string): Promise<Browser> {
  const { chromium } = await import("playwright-core");
  // In a container whoever runs it is root, whom Chromium's own sandbox refuses; the pages are ours.
  return chromium.launch({ executablePath: path, args: ["--no-sandbox"] });
}

export const ADDRESS = "http://report.test/report";

/** What a page did that no page may do: requests to anywhere else, errors, dialogs of a script from outside. */
export type Watched = { readonly requests: readonly string[]; readonly problems: readonly string[] };

/** Shows a page under an address of its own, and watches what it asks for. */
export async function show(page: Page, html: string): Promise<Watched> {
  const [requests, problems]: [string[], string[]] = [[], []];
  page.removeAllListeners();
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("dialog", (dialog) => {
    problems.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.unrouteAll();
  await page.route("**", (route) => {
    requests.push(route.request().url());
    return route.request().url().split("?")[0] === ADDRESS
      ? route.fulfill({ contentType: "text/html; charset=utf-8", body: html })
      : route.abort();
  });
  await page.goto(ADDRESS);
  return { requests, problems };
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The rules that go by colours: of a page that was looked at in one scheme, all that another can change. */
const COLOURS = ["color-contrast", "link-in-text-block"];

/** What axe-core finds that is serious or worse, a line each (https://github.com/dequelabs/axe-core). */
export async function seriousFindings(
  page: Page,
  of: "everything" | "colours" = "everything",
): Promise<readonly string[]> {
  await page.evaluate(axe);
  const rules = of === "colours" ? { runOnly: COLOURS } : {};
  const found: unknown = await page.evaluate(
    `axe.run(document, ${JSON.stringify(rules)}).then(({ violations }) => violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => id + ": " + nodes[0].html.slice(0, 200)))`,
  );
  return Array.isArray(found) ? found.map(String) : ["axe answered otherwise"];
}
