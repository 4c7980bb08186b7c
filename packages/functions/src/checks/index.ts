export { type CheckOptions, type CheckPorts, type Post, usualReach } from "./check-ports.ts";
export { postsOf } from "./posts.ts";
export { runChecks } from "./run-checks.ts";
