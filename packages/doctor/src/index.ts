export { checkAlarms } from "./check-alarms.ts";
export { type ArmedHealth, checkArmed, type SweepCheckPorts } from "./check-armed.ts";
export { checkPolicies } from "./check-policies.ts";
export { type CheckOptions, type CheckPorts, type Post, usualReach } from "./check-ports.ts";
export { formerPostsOf, postsOf } from "./posts.ts";
export { runChecks } from "./run-checks.ts";
export * from "./safety/index.ts";
export { type SoundCard, soundCards } from "./sound-cards.ts";
