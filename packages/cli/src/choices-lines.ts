import type { HoldChoice, HoldChoices } from "@mrdata/learning";
import { tableLines } from "./table.ts";
import type { Terminal } from "./terminal.ts";

const percent = (share: number): string => `${Number((100 * share).toFixed(1))} %`;
const minutes = (seconds: number): string => `${Number((seconds / 60).toFixed(2))} min`;
const time = (at: number): string => new Date(at).toISOString().slice(0, 16).replace("T", " ");

/** Rounds a count shown as "about" to two significant digits. */
export const about = (count: number): string => Number(count.toPrecision(2)).toLocaleString("en");

/** The options of a team for which nothing is held yet: the table of windows and thresholds, what is still needed, what would be held, and every miss. */
export function choicesLines(
  choices: HoldChoices,
  terminal: Pick<Terminal, "bold" | "columns">,
): readonly string[] {
  const { table, misses, alarms, from, windowSeconds, atMissBudget, predictions, real } = choices;
  const rows = [...Map.groupBy(table, ({ sureness }) => sureness)];
  const windows = [...new Set(table.map((one) => one.windowSeconds))];
  if (table.every(({ held }) => held === 0))
    return [
      "",
      `There is nothing to choose from: of ${predictions} past predictions, ${real} of which needed a human, none was sure enough of anything that resolves itself.`,
      needsSentence(choices),
    ];
  return [
    "",
    terminal.bold(
      "What you may choose from: pages spared, and how many of the real ones would be delayed at most",
    ),
    ...tableLines(
      [
        {
          head: "held from",
          of: ([sureness]: readonly [number, readonly HoldChoice[]]) => percent(sureness),
        },
        ...windows.map((seconds) => ({
          head: `${minutes(seconds)}${seconds === windowSeconds ? " *" : ""}`,
          of: ([, cells]: readonly [number, readonly HoldChoice[]]) =>
            cellOf(cells.find((one) => one.windowSeconds === seconds)),
          right: true,
        })),
      ],
      rows,
      terminal,
    ),
    `Of ${predictions} past predictions, ${real} of which needed a human. ✓: certified for the miss budget as it is, and right often enough. *: the window that is asked about.`,
    "",
    needsSentence(choices),
    ...(from === null
      ? []
      : [
          "",
          `${terminal.bold(`What would be held from ${percent(from)} on`)}${atMissBudget === null ? "" : `, which takes a miss budget of ${percent(atMissBudget)}`}:`,
          ...alarms.map(
            ({ title, service, opened, held, late }) =>
              `  ${String(held).padStart(4)} of ${String(opened).padEnd(4)} ${title} (${service})${late === 0 ? "" : `; ${late} of them paged late`}`,
          ),
          "",
          misses.length === 0
            ? "No incident that needed a human would have been paged late."
            : `${misses.length} incidents that needed a human would have been paged late:`,
          ...misses.map(
            ({ createdAt, title, service, id }) => `  ${time(createdAt)}  ${title} (${service}, ${id})`,
          ),
        ]),
  ];
}

const cellOf = (choice: HoldChoice | undefined): string => {
  if (choice === undefined || choice.held === 0) return "–";
  const bound = choice.upperBound === null ? "?" : percent(choice.upperBound);
  return `${percent(choice.pagesSpared)} / ≤ ${bound}${choice.certified ? " ✓" : ""}`;
};

/** "To hold anything: about 2,300 more incidents, or a miss budget of 15 %, or a window of 10 minutes." */
export function needsSentence({
  needs,
  windowSeconds,
  real,
}: Pick<HoldChoices, "needs" | "windowSeconds" | "real">): string {
  if (real === 0)
    return "Nothing can be promised of a past without any incident that needed a human. Leave the bot in annotate until there were some.";
  const { moreIncidents, missBudget, windowsSeconds } = needs;
  if (moreIncidents === 0) return "Something is held with these settings.";
  const others = windowsSeconds.filter((seconds) => seconds !== windowSeconds);
  const ways = [
    ...(moreIncidents === null ? [] : [`about ${about(moreIncidents)} more incidents of this kind`]),
    ...(missBudget === null ? [] : [`a miss budget of ${percent(missBudget)} (mrdata settings missBudget)`]),
    ...(others.length === 0 ? [] : [`a window of ${others.map(minutes).join(" or ")}`]),
  ];
  return ways.length === 0
    ? "Nothing that could be set would let anything of this be held: no sureness was right often enough. Leave the bot in annotate, and come back with a longer past."
    : `To hold anything: ${ways.join(", or ")}.`;
}
