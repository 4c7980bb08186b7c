import type { Check } from "@mrdata/doctor";
import type { Terminal } from "../terminal.ts";

const marks = { ok: "ok", failed: "FAILED", unknown: "unknown" } as const;

/**
 * A line for each check with its state, and the fix under those that need one. What holds of many services or policies
 * alike is one line.
 */
export function checkLines(
  checks: readonly Check[],
  { bold, dim }: Pick<Terminal, "bold" | "dim">,
): readonly string[] {
  const wide = Math.max(0, ...checks.map(({ name }) => name.length));
  const line = ({ name, state, sentence, fix }: Check, more = 0): readonly string[] => [
    `${marks[state].padEnd(7)}  ${name.padEnd(wide)}  ${state === "ok" ? sentence : bold(sentence)}${more === 0 ? "" : dim(` (and ${more} more like it)`)}`,
    ...(fix === null ? [] : [`${" ".repeat(9 + wide + 2)}${dim("→")} ${fix}`]),
  ];
  const lines = (some: readonly Check[]): readonly string[] =>
    [...Map.groupBy(some, ({ name }) => name).values()].flatMap((alike) => {
      const well = alike.filter(({ state }) => state === "ok");
      const [first] = well;
      return [
        ...(first === undefined ? [] : line(first, well.length - 1)),
        ...alike.filter(({ state }) => state !== "ok").flatMap((one) => line(one)),
      ];
    });
  const beside = checks.filter((check) => !check.needed);
  return [
    ...lines(checks.filter((check) => check.needed)),
    ...(beside.length === 0 ? [] : ["", "Beside them, good to know:"]),
    ...lines(beside),
  ];
}

/** Names of the needed checks that are not well, each once. */
export const unwellNames = (checks: readonly Check[]): readonly string[] => [
  ...new Set(checks.filter(({ needed, state }) => needed && state !== "ok").map(({ name }) => name)),
];
