export * from "./bus.ts";
export { encodeDocument, isFieldName, splitPath } from "./document-rules.ts";
export * from "./document-store.ts";
export * from "./history-files.ts";
export * from "./model-store.ts";
export type { Push, PushAnswer } from "./push.ts";
export * from "./result-store.ts";
export * from "./secrets.ts";
