import { type ReportLedger, type ReportOptions, readReport } from "@mrdata/functions";
import type { ReportData } from "@mrdata/report";
import { readEnvironment } from "@mrdata/runtime";
import { openAsNoted } from "../as-noted.ts";
import { chooseTarget, type TargetOptions } from "../target.ts";
import { promisesOf } from "./certificate-of.ts";

/** What a report is read with; `now` in milliseconds since the epoch. */
export type ReportAsked = Pick<ReportOptions, "now" | "spanMs" | "timeZone">;

/** A target opened for its report, and nothing else. */
export type OpenReport = {
  readonly ledger: ReportLedger;
  readonly windowMs: number;
  read(asked: ReportAsked): Promise<ReportData>;
};

/** Opens a target as the bot noted it of itself for the time that `work` takes. */
export async function withReport<T>(
  options: TargetOptions,
  env: NodeJS.ProcessEnv,
  work: (report: OpenReport) => Promise<T>,
): Promise<T> {
  const {
    ledger,
    backend,
    env: noted,
    window: windowMs,
  } = await openAsNoted(chooseTarget(options, env), env);
  try {
    const { MRDATA_RETRAIN: retrain } = readEnvironment({ ...noted, MRDATA_TARGET: "local:." });
    const certificateOf = promisesOf(await backend.models());
    return await work({
      ledger,
      windowMs,
      read: (asked) => readReport(ledger, { ...asked, windowMs, retrain, certificateOf }),
    });
  } finally {
    await ledger.close();
  }
}
