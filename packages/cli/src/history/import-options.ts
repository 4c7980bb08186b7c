import type { TargetOptions } from "../target.ts";
import type { HistoryOptions } from "./load-history.ts";

/** What `mrdata import` is given. */
export type ImportCommandOptions = TargetOptions &
  HistoryOptions & {
    readonly fromPagerduty: boolean;
    /** How far back, milliseconds. */
    readonly since: number;
    readonly restart: boolean;
    readonly dryRun: boolean;
    /** A table with the id and the name of services. */
    readonly services?: string;
    readonly json: boolean;
  };
