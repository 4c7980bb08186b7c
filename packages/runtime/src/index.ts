export * from "./answer.ts";
export { type Backend, openBackend } from "./backend.ts";
export { type BuildContext, identityOf } from "./build-context.ts";
export { deploymentNote, variablesOf, withDeployment } from "./deployment.ts";
export { busDoor, newBusSecret, openDoor, pageDoor, type Refusal } from "./door.ts";
export { parseDuration } from "./duration.ts";
export { type Environment, EnvironmentError, historyBucketOf, readEnvironment } from "./environment.ts";
export { everyMinute } from "./every-minute.ts";
export { type FrameworkRequest, type FrameworkResponse, toFramework } from "./framework.ts";
export { logUnreadable } from "./log-unreadable.ts";
export * from "./manifest.ts";
export { type LedgerOf, NeedMissingError, portsFor } from "./needs.ts";
export { type Listening, listen } from "./node-http.ts";
export {
  FUNCTION_LOCK_TIMEOUT_MS,
  localFiles,
  type OpenContext,
  openBus,
  openEndpoint,
  openHistory,
  openLedger,
  openModels,
  openResults,
  openSecrets,
  openStore,
} from "./openers.ts";
export { pagerByToken } from "./pager-by-token.ts";
export { pagerDutyOf } from "./pagerduty-client.ts";
export { contextFromProcess } from "./process.ts";
export * from "./read-body.ts";
export { reasonOf } from "./reason-of.ts";
export { parseTarget, type Target } from "./target.ts";
