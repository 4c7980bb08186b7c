import {
  type AlarmLedger,
  promisesOf,
  type ReportOptions,
  readReport,
  reportManifest,
} from "@mrdata/functions";
import type { ModelStore } from "@mrdata/platform";
import type { ReportData } from "@mrdata/report";
import { portsFor, readEnvironment } from "@mrdata/runtime";
import { openWithDeployedConfig } from "../deployed-config.ts";
import { chooseTarget, type TargetOptions } from "../target.ts";

/** What a report is read with; `now` in milliseconds since the epoch. */
export type ReportAsked = Pick<ReportOptions, "now" | "spanMs" | "timeZone">;

/** A target opened for its report: it can be read, and nothing else. */
export type OpenReport = {
  readonly ledger: AlarmLedger;
  readonly models: Pick<ModelStore, "read">;
  /** The hold window as the bot noted it of itself, milliseconds. */
  readonly windowMs: number;
  read(asked: ReportAsked): Promise<ReportData>;
};

/** Opens a target as the bot noted it of itself for the time that `work` takes. */
export async function withReport<T>(
  options: TargetOptions,
  env: NodeJS.ProcessEnv,
  work: (report: OpenReport) => Promise<T>,
): Promise<T> {
  const opened = await openWithDeployedConfig(chooseTarget(options, env), env);
  const { backend, env: noted, window: windowMs } = opened;
  try {
    const { MRDATA_RETRAIN: retrain } = readEnvironment({ ...noted, MRDATA_TARGET: "local:." });
    const { ledger, models } = await portsFor(reportManifest, {
      ...backend,
      ledger: async () => opened.ledger,
    });
    const certificateOf = promisesOf(models);
    return await work({
      ledger,
      models,
      windowMs,
      read: (asked) => readReport(ledger, { ...asked, windowMs, retrain, certificateOf }),
    });
  } finally {
    await opened.ledger.close();
  }
}
