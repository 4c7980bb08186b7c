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

/** The parameters of a report; `now` in milliseconds since the epoch. */
export type ReportRequest = Pick<ReportOptions, "now" | "spanMs" | "timeZone">;

/** A target opened read-only for reports. */
export type OpenReport = {
  readonly ledger: AlarmLedger;
  readonly models: Pick<ModelStore, "read">;
  /** The bot's stored hold window, milliseconds. */
  readonly windowMs: number;
  read(request: ReportRequest): Promise<ReportData>;
};

/** Opens a target with the bot's stored configuration for the duration of `work`. */
export async function withReport<T>(
  options: TargetOptions,
  env: NodeJS.ProcessEnv,
  work: (report: OpenReport) => Promise<T>,
): Promise<T> {
  const opened = await openWithDeployedConfig(chooseTarget(options, env), env);
  const { backend, env: deployed, windowMs } = opened;
  try {
    const { MRDATA_RETRAIN: retrain } = readEnvironment({ ...deployed, MRDATA_TARGET: "local:." });
    const { ledger, models } = await portsFor(reportManifest, {
      ...backend,
      ledger: async () => opened.ledger,
    });
    const certificateOf = promisesOf(models);
    return await work({
      ledger,
      models,
      windowMs,
      read: (request) => readReport(ledger, { ...request, windowMs, retrain, certificateOf }),
    });
  } finally {
    await opened.ledger.close();
  }
}
