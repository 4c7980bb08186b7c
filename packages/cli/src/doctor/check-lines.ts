import type { Check } from "@mrdata/pagerduty";
import type { Terminal } from "../terminal.ts";

const marks = { ok: "ok", failed: "FAILED", unknown: "unknown" } as const;

/** A line for each check with its state, and the fix under those that need one. */
export function checkLines(
  checks: readonly Check[],
  { bold, dim }: Pick<Terminal, "bold" | "dim">,
): readonly string[] {
  const wide = Math.max(0, ...checks.map(({ name }) => name.length));
  const line = ({ name, state, sentence, fix }: Check): readonly string[] => [
    `${marks[state].padEnd(7)}  ${name.padEnd(wide)}  ${state === "ok" ? sentence : bold(sentence)}`,
    ...(fix === null ? [] : [`${" ".repeat(9 + wide + 2)}${dim("→")} ${fix}`]),
  ];
  const needed = checks.filter((check) => check.needed);
  const beside = checks.filter((check) => !check.needed);
  return [
    ...needed.flatMap(line),
    ...(beside.length === 0 ? [] : ["", "Beside them, good to know:"]),
    ...beside.flatMap(line),
  ];
}

/** Names of the needed checks that are not well, each once. */
export const unwellNames = (checks: readonly Check[]): readonly string[] => [
  ...new Set(checks.filter(({ needed, state }) => needed && state !== "ok").map(({ name }) => name)),
];
