import type { EqualHarm } from "@mrdata/learning";
import { tableLines } from "../table.ts";
import type { Terminal } from "../terminal.ts";

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const BAR_WIDTH = 24;
const bar = (share: number): string => "█".repeat(Math.round(BAR_WIDTH * share));

const verdicts = {
  ahead:
    "Where both delay one in ten, which is the usual miss budget, the model spares more than the alert type's own rate, beyond the interval.",
  behind:
    "Where both delay one in ten, which is the usual miss budget, the model spares less than the alert type's own rate: here it earns nothing.",
  "not told apart":
    "Where both delay one in ten, which is the usual miss budget, the model is not shown to spare more than the alert type's own rate: the interval reaches nought.",
} as const;

/** A month at equal harm as a table with bars: the pages that model and historical rate spare when both delay equally many real ones. */
export const monthTable = (
  month: EqualHarm,
  terminal: Pick<Terminal, "bold" | "columns">,
): readonly string[] => [
  terminal.bold(
    `The last month at equal harm: ${month.incidents} incidents, ${month.real} needed a human, ${month.unneeded} did not`,
  ),
  ...tableLines(
    [
      { head: "real ones delayed", of: ({ realDelayed }) => percent(realDelayed), right: true },
      { head: "pages spared: model", of: ({ model }) => percent(model.value), right: true },
      { head: "own rate", of: ({ ownRate }) => percent(ownRate.value), right: true },
      {
        head: "ahead by (95 %)",
        of: ({ ahead }) => `${percent(ahead.low)} to ${percent(ahead.high)}`,
        right: true,
      },
      { head: "", of: ({ model }) => bar(model.value), shrinks: true },
    ],
    month.levels,
    terminal,
  ),
  verdicts[month.verdict],
];
