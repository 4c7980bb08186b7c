export { type CheckOptions, type CheckPorts, type Post, usualReach } from "./check-ports.ts";
export { runChecks } from "./run-checks.ts";
