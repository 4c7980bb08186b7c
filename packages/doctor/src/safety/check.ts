/** One check with its result. */
export type Check = {
  /** Identifies the check, like `level-2-gaps`. */
  readonly name: CheckName;
  /** The service, policy or other object that was checked; null if there is only one. */
  readonly subject: string | null;
  /** Whether it is required: no service is armed, or stays armed, while a required check fails. Others are informational. */
  readonly needed: boolean;
  /** `unknown`: it could not be read. A required check in this state keeps a service from being armed. */
  readonly state: "ok" | "failed" | "unknown";
  /** The result, in one sentence. */
  readonly sentence: string;
  /** How to fix it; null if there is nothing to do. */
  readonly fix: string | null;
};

const checkNames = [
  "bot-user",
  "bot-seat",
  "bot-quiet",
  "level-1",
  "bot-levels",
  "bot-policies",
  "bot-schedules",
  "level-1-timeout",
  "window",
  "level-2",
  "level-2-gaps",
  "fallback-policy",
  "urgency",
  "live-call-routing",
  "policy-in-use",
  "suspension",
  "repeats",
  "shift-agent",
  "auto-resolve",
  "agents",
  "subscription",
  "subscription-twice",
  "subscription-enabled",
  "subscription-events",
  "webhook-secret",
  "token",
  "clock",
  "champion",
  "dead-letters",
  "budget",
  "alarms",
  "settings",
] as const;
export type CheckName = (typeof checkNames)[number];

type Finding = { readonly name: CheckName; readonly subject?: string; readonly needed?: boolean };

export const ok = ({ name, subject = "", needed = true }: Finding, sentence: string): Check => ({
  name,
  subject: subject === "" ? null : subject,
  needed,
  state: "ok",
  sentence,
  fix: null,
});
export const failed = (finding: Finding, sentence: string, fix: string): Check => ({
  ...ok(finding, sentence),
  state: "failed",
  fix,
});
export const unknown = (finding: Finding, sentence: string, fix: string): Check => ({
  ...failed(finding, sentence, fix),
  state: "unknown",
});

/** Whether every required check passes. */
export const allWell = (checks: readonly Check[]): boolean =>
  checks.every(({ needed, state }) => !needed || state === "ok");
