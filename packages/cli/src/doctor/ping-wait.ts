import { defaultLimits } from "@mrdata/doctor";
import { Option } from "commander";
import { durationOption } from "../option-types.ts";

/** How long the commands that ask PagerDuty for a ping wait for it. */
export const pingWaitOption = (): Option =>
  new Option("--ping-wait <duration>", "how long PagerDuty's ping may take into the ledger")
    .argParser(durationOption)
    .default(defaultLimits.pingWait, `${defaultLimits.pingWait / 1000}s`);
