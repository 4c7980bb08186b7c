export { type BotFacts, botSafety } from "./bot-safety.ts";
export * from "./check.ts";
export { type Gap, gapsBetween, type Level, type Rosters, unreachedTimes } from "./coverage.ts";
export { MAX_WINDOW_MS, type PolicyFacts } from "./facts.ts";
export { policySafety, standbySafety } from "./policy-safety.ts";
export { type ServiceFacts, serviceSafety } from "./service-safety.ts";
