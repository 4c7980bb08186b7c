import type { CommandTree } from "./command-tree.ts";

/** The command tree at bundling time, so that help and completion need not load the commands; null in a source checkout. */
export const bundledTree: CommandTree | null = null;
