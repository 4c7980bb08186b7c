import { expect, test } from "vitest";
import { type TuneReport, tunePage } from "./tune-page.ts";

const report: TuneReport = {
  job: "tune-<1>",
  rows: 312,
  trials: [
    {
      trial: 9,
      rung: 2,
      brier: 0.1432,
      learner: "boosting",
      settings: { learningRate: 0.05123, bags: 3 },
      isUsual: false,
    },
    {
      trial: 0,
      rung: 2,
      brier: 0.1501,
      learner: "boosting",
      settings: { learningRate: 0.04, bags: 6 },
      isUsual: true,
    },
  ],
  best: [
    {
      learner: "boosting",
      trial: 9,
      brier: 0.1432,
      usual: 0.1501,
      gain: 0.0069,
      error: 0.002,
      isBetter: true,
    },
  ],
  mattered: [{ learner: "boosting", setting: "learningRate", share: 0.64, more: "better" }],
};

test("shows the best settings against today's, importance as bars with a text alternative, and every trial", () => {
  const page = tunePage(report);
  expect(page).toContain("tune-&lt;1&gt;");
  expect(page).toMatch(/0\.1432<\/td><td>0\.1501<\/td><td>0\.0069/);
  expect(page).toContain('aria-label="What mattered: learningRate of boosting 64 %, more of it is better"');
  expect(page).toMatch(/<rect class="dot" [^>]*width="179\.2"/);
  expect(page).toContain("learningRate 0.0512, bags 3");
  expect(page).toContain("0 (today)");
});

test("is complete even if nothing could be compared", () => {
  const page = tunePage({ ...report, trials: [], best: [], mattered: [] });
  expect(page).toContain("0 trials");
  expect(page.match(/<svg/g)).toHaveLength(1);
});
