import type { WindowRow } from "@mrdata/learning";
import { tableLines } from "./table.ts";
import type { Terminal } from "./terminal.ts";

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** The results of several hold windows as a table, with the delta of their certificates. `own`: the bot's window, milliseconds. */
export function windowLines(
  windows: readonly WindowRow[],
  terminal: Pick<Terminal, "columns">,
  own?: number,
): readonly string[] {
  const delta = windows.find(({ certificate }) => certificate !== null)?.certificate?.delta;
  const each =
    delta === undefined ? "None can be certified" : `Each has a delta of ${Number(delta.toFixed(4))}`;
  return [
    ...tableLines(
      [
        {
          head: "hold window",
          of: ({ windowSeconds }) => `${windowSeconds / 60} min${windowSeconds * 1000 === own ? " *" : ""}`,
        },
        { head: "held", of: ({ coverage }) => percent(coverage), right: true },
        { head: "pages spared", of: ({ pagesSpared }) => percent(pagesSpared), right: true },
        { head: "real ones delayed", of: ({ realDelayed }) => percent(realDelayed), right: true },
        {
          head: "certified",
          of: ({ certificate }) =>
            certificate === null ? "no" : `at most ${percent(certificate.upperBound)} delayed`,
        },
      ],
      windows,
      { ...terminal, bold: String },
    ),
    `From one replay. ${each}: whoever takes the best of ${windows.length} looks has to promise more.`,
  ];
}
