export * from "./bus.ts";
export * from "./document-store.ts";
export * from "./model-store.ts";
export * from "./secrets.ts";
