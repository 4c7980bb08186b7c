import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "@mrdata/cli";
import type { Ran } from "./mrdata.ts";

/**
 * Runs `mrdata` to its end in this process: the same command line, settings and exit code, without the second that a
 * process takes to start. For what a process of its own proves (signals, Google's settings), see `mrdata`.
 */
export async function mrdataHere(
  args: readonly string[],
  {
    env = {},
    progress = () => {},
    columns,
  }: {
    readonly env?: Readonly<Record<string, string>>;
    /** What is drawn over itself where standard error is a terminal. */
    readonly progress?: (line: string) => void;
    /** How wide the terminal is; left out: not a terminal. */
    readonly columns?: number;
  } = {},
): Promise<Ran> {
  const [out, said]: [string[], string[]] = [[], []];
  const terminal = {
    out: (line: string) => void out.push(`${line}\n`),
    say: (line: string) => void said.push(`${line}\n`),
    progress,
    bold: String,
    dim: String,
    ...(columns === undefined ? {} : { columns }),
  };
  // Whoever names no home gets none of the project's own.
  const nowhere = { MRDATA_TARGET: `local:${join(tmpdir(), "mrdata-of-nobody")}` };
  const code = await run(args, terminal, { ...nowhere, PATH: process.env.PATH ?? "", ...env });
  return { code, stdout: out.join(""), stderr: said.join("") };
}
