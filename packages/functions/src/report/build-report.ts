import { type BuildContext, type Handler, portsFor } from "@mrdata/runtime";
import { promisesOf } from "./promise-of.ts";
import { createReport, type ReportHandlerOptions, reportManifest } from "./report.ts";

/**
 * `options`: the pages' base path, and whether they reload themselves; on the platform they are at the root and do not.
 */
export async function buildReport(
  { environment, backend, clock, log }: BuildContext,
  { base = "", refreshes = false }: Partial<Pick<ReportHandlerOptions, "base" | "refreshes">> = {},
): Promise<Handler> {
  const { ledger, models } = await portsFor(reportManifest, backend, log);
  return createReport(
    { ledger, clock, log, certificateOf: promisesOf(models) },
    { windowMs: environment.MRDATA_WINDOW, timeZone: environment.MRDATA_TIME_ZONE, base, refreshes },
  );
}
