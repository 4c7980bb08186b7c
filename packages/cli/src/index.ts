export { createProgram } from "./program.ts";
export { run } from "./run.ts";
export type { Terminal } from "./terminal.ts";
