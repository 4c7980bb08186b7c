export * from "./bus.ts";
export type { ReasonOf } from "./dead-letters.ts";
export * from "./document-store.ts";
export * from "./history-files.ts";
export * from "./model-store.ts";
export * from "./result-store.ts";
export * from "./secrets.ts";
