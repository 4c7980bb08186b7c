import { defaultLimits } from "@mrdata/doctor";
import { Option } from "commander";
import { durationOption } from "../option-types.ts";

/** `--ping-wait`, for the commands that have PagerDuty send a ping. */
export const pingWaitOption = (): Option =>
  new Option("--ping-wait <duration>", "how long PagerDuty's ping may take into the ledger")
    .argParser(durationOption)
    .default(defaultLimits.pingWait, `${defaultLimits.pingWait / 1000}s`);
