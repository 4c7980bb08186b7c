export { type CommandTree, treeOf } from "./completion/command-tree.ts";
export { commandIn, commands, createProgram } from "./program.ts";
export { run } from "./run.ts";
export type { Terminal } from "./terminal.ts";
