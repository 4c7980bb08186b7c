import { buildReport } from "@mrdata/functions";
import { certificateSentence } from "@mrdata/learning";
import { createLedger, defaultSettings } from "@mrdata/platform";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import { readEnvironment } from "@mrdata/runtime";
import { expect, onTestFinished, test } from "vitest";
import { someCard } from "../../packages/report/src/report.fixture.ts";
import { jumpingClock } from "../support/jumping-clock.ts";
import { modelsOf } from "../support/trained-version.ts";

const NOW = Date.parse("2026-03-20T12:00:00Z");

/** The function as it is deployed, with the ports that its manifest names, on a store of these cards; v1 is champion. */
async function deployedReport(read: (version: string) => object | null) {
  const ledger = createLedger(openEmbeddedStore({ file: ":memory:" }));
  onTestFinished(() => ledger.close());
  await ledger.promote("v1");
  const asked: string[] = [];
  const handler = await buildReport({
    environment: readEnvironment({ MRDATA_TARGET: "local:." }),
    backend: {
      ledger: async () => ledger,
      models: async () => ({
        ...modelsOf({}),
        async read(version, file) {
          asked.push(`${version}/${file}`);
          const card = read(version);
          return card === null ? null : Buffer.from(JSON.stringify(card));
        },
      }),
    },
    clock: jumpingClock(NOW),
    log: () => {},
  });
  const page = async (days: number) => {
    const answer = await handler(new Request(`https://mrdata-report.example/?days=${days}`));
    return { status: answer.status, text: await answer.text() };
  };
  return { page, asked, ledger };
}

test("the deployed report says what the champion promises, from its card, which it reads once", async () => {
  const card = someCard();
  const { page, asked } = await deployedReport(() => card);
  if (card.certificate === null) throw new Error("the card has a certificate");
  for (const days of [7, 8]) {
    const { status, text } = await page(days);
    expect(status).toBe(200);
    expect(text).toContain(certificateSentence(card.certificate));
  }
  expect(asked).toEqual(["v1/card.json"]);
});

test.each([
  [
    "missBudget",
    { missBudget: 0.02 },
    /v1 is certified for a miss budget of \d+ %, and 2 % is set: .* 'mrdata train --promote'/,
  ],
  [
    "delta",
    { certificate: { delta: 0.01, days: 180 } },
    /v1 is certified with 90 % confidence, and 99 % is set/,
  ],
] as const)(
  "it says so where what is set has become stricter than the promise, by the %s",
  async (_, set, said) => {
    const { page, ledger, asked } = await deployedReport(() => someCard());
    expect((await page(7)).text).not.toContain("is certified");
    await ledger.saveSettings({ ...defaultSettings, ...set });
    const { text } = await page(8);
    expect(text.replaceAll("&#39;", "'")).toMatch(said);
    // The page that was read before is not asked for again, and neither is the card.
    expect(asked).toEqual(["v1/card.json"]);
  },
);

test("a champion that promises nothing is told as such, and a card or store that cannot be read does not cost the page", async () => {
  const none = await deployedReport(() => ({ ...someCard(), certificate: null }));
  expect((await none.page(7)).text).toContain("v1 promises nothing: of an armed service nothing is held.");
  const gone = await deployedReport(() => null);
  expect((await gone.page(7)).text).toContain("What v1 promises cannot be read: its card.json is missing.");
  const failing = await deployedReport(() => {
    throw new Error("https://storage.example/token");
  });
  const { status, text } = await failing.page(7);
  expect(status).toBe(200);
  expect(text).toContain("What v1 promises cannot be read: the store of models does not answer.");
  expect(text).not.toContain("storage.example");
});
