/** What one suite (a vitest project) did. */
export type SuiteReport = {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  /** The names of what failed. */
  readonly failures: readonly string[];
  readonly skipped: readonly { readonly test: string; readonly reason: string }[];
};

export function parseReport(text: string): readonly SuiteReport[] {
  const report: unknown = JSON.parse(text);
  if (!Array.isArray(report)) throw new Error("the suite report is not a list");
  return report;
}

/** The closing lines: what was skipped and why, what failed, the counts of all, then one line a suite. */
export function summaryOf(suites: readonly SuiteReport[]): string {
  const skipped = suites.flatMap(({ name, skipped }) =>
    skipped.map(({ test, reason }) => `  ${name}: ${test}: ${reason}`),
  );
  const sum = (count: (suite: SuiteReport) => number): number =>
    suites.reduce((total, suite) => total + count(suite), 0);
  const totals = `${sum((suite) => suite.passed)} passed, ${sum((suite) => suite.failed)} failed, ${skipped.length} skipped`;
  const lines = suites.map(
    ({ name, passed, failed, skipped }) => `suite ${name} ran ${passed + failed} skipped ${skipped.length}`,
  );
  const failed = suites.flatMap(({ name, failures }) => failures.map((test) => `  ${name}: ${test}`));
  return [...listed("Skipped:", skipped), ...listed("Failed:", failed), "", totals, ...lines, ""].join("\n");
}

const listed = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length > 0 ? ["", title, ...lines] : [];
