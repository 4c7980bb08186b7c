import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The suites with the longest files. Whatever is left at the end is short, so that no core waits for one file. */
const FIRST = [
  "failures",
  "firsthour",
  "laptop",
  "secrets",
  "engine",
  "bundle",
  "contract",
  "plan",
  "cli",
  "pipeline",
  "rules",
];

/** Long files of suites that are short otherwise. */
const FIRST_FILES = [
  "learning/src/backtest.test.ts",
  "learning/src/robustness.test.ts",
  "learning/src/model-version.test.ts",
  "learning/src/leaks/leaks-among.test.ts",
  "forest/src/python-parity.test.ts",
  "cli/demo.test.ts",
  // Of test:slow: each takes all cores, or one for minutes.
  "slow/chaos.test.ts",
  "slow/worth.test.ts",
];

const rank = ({ project, moduleId }: TestSpecification): number => {
  if (FIRST_FILES.some((file) => moduleId.endsWith(file))) return -1;
  const place = FIRST.indexOf(project.name);
  return place === -1 ? FIRST.length : place;
};

/** Vitest's own order goes by the names of the suites, and would start the longest files last. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}
