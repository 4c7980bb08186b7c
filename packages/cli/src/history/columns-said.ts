import type { LeftOutColumn } from "@mrdata/learning";
import type { Terminal } from "../terminal.ts";

export { allLeftOut, keeperOf } from "@mrdata/history";

/** Tells whoever waits which columns are not looked at, and loudly which are although something speaks against them. */
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
