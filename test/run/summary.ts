/** What one suite (a vitest project) did. */
export type SuiteReport = {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly { readonly test: string; readonly reason: string }[];
};

export function parseReport(text: string): readonly SuiteReport[] {
  const report: unknown = JSON.parse(text);
  if (!Array.isArray(report)) throw new Error("the suite report is not a list");
  return report;
}

/** The closing lines: what was skipped and why, the counts of all, then one line a suite. */
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
  return [...(skipped.length > 0 ? ["", "Skipped:", ...skipped] : []), "", totals, ...lines, ""].join("\n");
}
