import { writeFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";
import type { SuiteReport } from "./summary.ts";

/** Counts tests by suite and writes them where MRDATA_SUITE_REPORT says. A module that fails to load counts as failed. */
// biome-ignore lint/style/noDefaultExport: vitest loads a reporter by its default export.
export default class SuiteReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const suites = new Map<
      string,
      {
        name: string;
        passed: number;
        failed: number;
        failures: string[];
        skipped: { test: string; reason: string }[];
      }
    >();
    for (const module of modules) {
      const { name } = module.project;
      const suite = suites.get(name) ?? { name, passed: 0, failed: 0, failures: [], skipped: [] };
      suites.set(name, suite);
      if (module.errors().length > 0) {
        suite.failed += 1;
        suite.failures.push(module.relativeModuleId);
      }
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === "passed") suite.passed += 1;
        else if (result.state === "skipped")
          suite.skipped.push({ test: test.fullName, reason: result.note ?? "no reason given" });
        else {
          suite.failed += 1;
          suite.failures.push(`${module.relativeModuleId}: ${test.fullName}`);
        }
      }
    }
    const report: readonly SuiteReport[] = [...suites.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    writeFileSync(process.env.MRDATA_SUITE_REPORT ?? "suites.json", JSON.stringify(report));
  }
}
