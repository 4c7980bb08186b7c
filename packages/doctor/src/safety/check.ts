/** One thing that was looked at, and what came of it. */
export type Check = {
  /** Says which it is, for machines and for tests: `level-2-gaps`. */
  readonly name: CheckName;
  /** What the check is about when there are several of it: the service or the policy. */
  readonly subject: string | null;
  /** No service is armed, or stays armed, while a needed check fails. The others are shown beside them. */
  readonly needed: boolean;
  /** `unknown`: it could not be read. A needed check that is unknown keeps a service from being armed. */
  readonly state: "ok" | "failed" | "unknown";
  /** What is, in one sentence. */
  readonly sentence: string;
  /** What to do about it; null where nothing is to be done. */
  readonly fix: string | null;
};

export const checkNames = [
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

/** Whether nothing that is needed fails or is unknown. */
export const allWell = (checks: readonly Check[]): boolean =>
  checks.every(({ needed, state }) => !needed || state === "ok");
