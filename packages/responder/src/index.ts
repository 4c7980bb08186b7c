export * from "./decide.ts";
export * from "./escalation-target.ts";
export * from "./guard-rails.ts";
export * from "./learned-predictor.ts";
export * from "./note.ts";
export * from "./predictor.ts";
export * from "./rate-predictor.ts";
export * from "./refused-predictor.ts";
