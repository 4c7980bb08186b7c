import { columnWords, type LeftOutColumn } from "@mrdata/learning";
import type { Terminal } from "../terminal.ts";

/** True for the columns that were named with `--keep-column`, in any spelling. */
export function keeperOf(names: readonly string[] = []): (name: string) => boolean {
  const kept = new Set(names.map(columnWords));
  return (name) => kept.has(columnWords(name));
}

/** Those that a file's reader left out, and those that a training did, once each. */
export function allLeftOut(
  whileReading: ReadonlyMap<string, string>,
  others: readonly LeftOutColumn[],
): readonly LeftOutColumn[] {
  const told = new Map(whileReading);
  for (const { name, reason } of others) told.set(name, told.get(name) ?? reason);
  return [...told].map(([name, reason]) => ({ name, reason }));
}

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
