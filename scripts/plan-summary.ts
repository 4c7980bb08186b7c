// Says what `pulumi preview --json` would do: as a table for people, into the file that is named second, and as a digest on
// standard output. With `--same-as DIGEST` it fails where the plan is another one than the one that was shown.
import { appendFileSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { summaryOf } from "./plan-summary/summary.ts";

function main([plan, summary, flag, shown]: readonly string[]): number {
  if (plan === undefined || summary === undefined || (flag !== undefined && flag !== "--same-as")) {
    process.stderr.write("usage: plan-summary PLAN.json SUMMARY.md [--same-as DIGEST]\n");
    return 2;
  }
  const { table, digest } = summaryOf(readFileSync(plan, "utf8"));
  appendFileSync(summary, table);
  if (flag !== undefined && shown !== digest) {
    process.stderr.write(
      `The plan is not the one that was shown and approved (${shown || "none"}, and now ${digest}): something has changed since. Look at it in the summary, and run the workflow again.\n`,
    );
    return 1;
  }
  process.stdout.write(`digest=${digest}\n`);
  return 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
  process.exitCode = main(process.argv.slice(2));
