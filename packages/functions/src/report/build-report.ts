import { type BuildContext, type Handler, portsFor } from "@mrdata/runtime";
import { promisesOf } from "./promise-of.ts";
import { createReport, type ReportHandlerOptions, reportManifest } from "./report.ts";

/** `options`: where the pages are, and whether they load themselves again; on the platform at the root, and they do not. */
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
