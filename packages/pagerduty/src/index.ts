export * from "./actor.ts";
export type { Auth } from "./auth.ts";
export type { ConnectionCalls, WriteAccess } from "./connection-calls.ts";
export {
  createDeclaredWebhook,
  type DeclaredWebhook,
  diffDeclaredWebhook,
  readDeclaredWebhook,
  switchWebhook,
  updateDeclaredWebhook,
  type WebhookDiff,
  type WebhookOutputs,
  webhooksOf,
} from "./declared/webhook.ts";
export type { DirectoryCalls } from "./directory-calls.ts";
export type {
  Named,
  RestContactMethod,
  RestLicense,
  RestNotificationRule,
  RestOnCall,
  RestService,
  RestUser,
} from "./directory-types.ts";
export * from "./errors.ts";
export * from "./history/index.ts";
export type { Annotation, AnnotationCalls, HistoryCalls } from "./history-calls.ts";
export { nearest } from "./nearest.ts";
export { neededEvents } from "./needed-events.ts";
export { pacedFetch } from "./paced.ts";
export * from "./parse-webhook.ts";
export { probeBody } from "./probe-body.ts";
export type { BeforeRetry, CallLimits, ClientOptions } from "./request.ts";
export * from "./rest-client.ts";
export {
  REST_TIME_RESOLUTION_MS,
  type RestIncident,
  type RestLogEntry,
  type RestNote,
  type RestPolicy,
} from "./rest-types.ts";
export type { ClientClock } from "./retry.ts";
export type { Period, ScheduleCalls } from "./schedule-calls.ts";
export type { RenderedSchedule, RestSchedule, ScheduleKind, Shift } from "./schedule-types.ts";
export type { Answered, Send, SentRequest } from "./send.ts";
export * from "./signature.ts";
export type { SubscriptionCalls, SubscriptionScope, WantedSubscription } from "./subscription-calls.ts";
export type { RestSubscription } from "./subscription-types.ts";
export * from "./webhook-body.ts";
export { PING, PROBE, readWebhookHead, type WebhookHead } from "./webhook-head.ts";
