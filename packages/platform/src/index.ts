export * from "./bus.ts";
export * from "./clock.ts";
export * from "./document-store.ts";
export * from "./ledger/index.ts";
export * from "./log.ts";
export * from "./model-store.ts";
export * from "./push-envelope.ts";
export * from "./secrets.ts";
