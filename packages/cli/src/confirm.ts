import { createInterface } from "node:readline/promises";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { neutralLine } from "./neutral.ts";

/**
 * Asks for a confirmation of a consequential action: the name, given with --confirm=NAME or typed at a terminal. Throws CommandError
 * unless it matches.
 */
export async function confirmName(
  what: string,
  name: string,
  given: string | undefined,
  terminal: Pick<NodeJS.ReadStream, "isTTY"> = process.stdin,
): Promise<void> {
  if (given === name) return;
  if (given !== undefined)
    throw new CommandError(
      `--confirm is '${given}', and the name is '${name}': nothing was done`,
      exitCodes.usage,
    );
  if (!terminal.isTTY)
    throw new CommandError(`${what}. To go on, say its name: --confirm='${name}'`, exitCodes.usage);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const typed = await lines.question(neutralLine(`${what}. Type its name (${name}) to go on: `));
    if (typed.trim() !== name)
      throw new CommandError(`that is not '${name}': nothing was done`, exitCodes.usage);
  } finally {
    lines.close();
  }
}
