export { armedWithPolicies, previouslyArmedOf } from "./armed-services.ts";
export { checkAlarms } from "./check-alarms.ts";
export { type ArmedHealth, checkArmed, type SweepCheckPorts } from "./check-armed.ts";
export { checkPolicies } from "./check-policies.ts";
export { type ArmedService, type CheckOptions, type CheckPorts, defaultLimits } from "./check-ports.ts";
export { runChecks } from "./run-checks.ts";
export * from "./safety/index.ts";
export { type VerifiedModelCard, verifiedModelCards } from "./verified-model-cards.ts";
