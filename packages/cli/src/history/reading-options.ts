import { dateOrders, encodings, formatNames } from "@mrdata/history";
import { type Command, Option } from "commander";
import { choiceOption, timerOption, zoneWith } from "../option-types.ts";
import { columnOption } from "./column-option.ts";

const append = (name: string, before: readonly string[] = []): readonly string[] => [...before, name];

/** The options of every command that reads history files. `zone`: the help text of `--time-zone`. */
export const readingOptions = (command: Command, zone = "of times without an offset"): Command =>
  command
    .option(
      "--format <format>",
      `read every row as ${formatNames.join(", ")}, whatever it looks like`,
      choiceOption(formatNames),
    )
    .addOption(
      new Option(
        "--column <ours=heading>",
        'what your file calls one of our columns: --column id="Incident ID"; again for another',
      ).argParser(columnOption),
    )
    .option(
      "--keep-column <name>",
      "use a column although it seems to be known only afterwards; again for another",
      append,
    )
    .option(
      "--monitor <name>",
      "who closes incidents for the monitor, as the file names them; again for another",
      append,
    )
    .option(
      "--encoding <name>",
      `of files that are no UTF-8: ${encodings.join(", ")}`,
      choiceOption(encodings),
    )
    .option(
      "--date-order <order>",
      "of dates like 3/4/2024 where no row decides it: dmy or mdy",
      choiceOption(dateOrders),
    )
    .addOption(zoneWith(zone))
    .addOption(
      new Option(
        "--auto-resolve <duration>",
        "your services' auto-resolve timeout, or never: what closed by itself at that age is not self-resolved",
      )
        .argParser(timerOption)
        .default(timerOption("4h"), "4h"),
    )
    .option("--strict", "stop at the first row that cannot be read", false);
