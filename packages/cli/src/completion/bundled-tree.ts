import type { CommandTree } from "./command-tree.ts";

/** The commands as they were when they were bundled, so that help and completion load none of them; null in a clone. */
export const bundledTree: CommandTree | null = null;
