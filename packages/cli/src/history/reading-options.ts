import { type Command, Option } from "commander";
import { choiceOption, timerOption, zoneOption } from "../option-types.ts";
import { rowFormats } from "./read-history.ts";

/** The options of every command that reads history files. `zone` says what the time zone is for beside the times read. */
export const readingOptions = (command: Command, zone = "of times without an offset"): Command =>
  command
    .option(
      "--format <format>",
      `read every row as ${rowFormats.join(", ")}, whatever it looks like`,
      choiceOption(rowFormats),
    )
    .option("--time-zone <zone>", zone, zoneOption, "UTC")
    .addOption(
      new Option(
        "--auto-resolve <duration>",
        "your services' auto-resolve timeout, or never: what closed by itself at that age is not self-resolved",
      )
        .argParser(timerOption)
        .default(timerOption("4h"), "4h"),
    )
    .option("--strict", "stop at the first row that cannot be read", false);
