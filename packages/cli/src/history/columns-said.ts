import type { LeftOutColumn } from "@mrdata/learning";
import type { Terminal } from "../terminal.ts";

export { allLeftOut, keeperOf } from "@mrdata/history";

/** Prints the columns that are left out, and warns about those used in spite of an objection. */
export function sayColumns(
  { leftOut, kept }: { readonly leftOut: readonly LeftOutColumn[]; readonly kept: readonly LeftOutColumn[] },
  terminal: Terminal,
): void {
  for (const { name, reason } of leftOut)
    terminal.say(`column left out: ${name}: ${reason} (--keep-column "${name}" to use it)`);
  for (const { name, reason } of kept)
    terminal.say(
      `WARNING: ${name} is used because of --keep-column, although ${reason}. If it is not known at the moment an incident opens, real pages will be held.`,
    );
}
