import type { Check } from "@mrdata/doctor";
import type { Terminal } from "../terminal.ts";

const marks = { ok: "ok", failed: "FAILED", unknown: "unknown" } as const;

/**
 * A line for each check with its state, followed by the fix if it needs one. Passing checks of the same name share a line.
 */
export function checkLines(
  checks: readonly Check[],
  { bold, dim }: Pick<Terminal, "bold" | "dim">,
): readonly string[] {
  const width = Math.max(0, ...checks.map(({ name }) => name.length));
  const line = ({ name, state, sentence, fix }: Check, more = 0): readonly string[] => [
    `${marks[state].padEnd(7)}  ${name.padEnd(width)}  ${state === "ok" ? sentence : bold(sentence)}${more === 0 ? "" : dim(` (and ${more} more like it)`)}`,
    ...(fix === null ? [] : [`${" ".repeat(9 + width + 2)}${dim("→")} ${fix}`]),
  ];
  const lines = (some: readonly Check[]): readonly string[] =>
    [...Map.groupBy(some, ({ name }) => name).values()].flatMap((sameName) => {
      const well = sameName.filter(({ state }) => state === "ok");
      const [first] = well;
      return [
        ...(first === undefined ? [] : line(first, well.length - 1)),
        ...sameName.filter(({ state }) => state !== "ok").flatMap((one) => line(one)),
      ];
    });
  const optional = checks.filter((check) => !check.needed);
  return [
    ...lines(checks.filter((check) => check.needed)),
    ...(optional.length === 0 ? [] : ["", "Beside them, good to know:"]),
    ...lines(optional),
  ];
}

/** The distinct names of required checks that fail or are unknown. */
export const unwellNames = (checks: readonly Check[]): readonly string[] => [
  ...new Set(checks.filter(({ needed, state }) => needed && state !== "ok").map(({ name }) => name)),
];
