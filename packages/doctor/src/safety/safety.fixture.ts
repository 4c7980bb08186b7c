import type { RestPolicy, RestService } from "@mrdata/pagerduty";
import type { PolicyFacts } from "./facts.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const NOW = Date.parse("2026-03-02T03:00:00Z");
export const BOT = "PBOT";

export const level = (
  timeoutMinutes: number,
  {
    users = [],
    schedules = [],
  }: { readonly users?: readonly string[]; readonly schedules?: readonly string[] },
): RestPolicy["levels"][number] => ({
  timeout: timeoutMinutes * MINUTE,
  targets: [...users, ...schedules],
  users: [...users],
  schedules: [...schedules],
});

export const policy = (change: Partial<RestPolicy> = {}): RestPolicy => ({
  id: "PARMED",
  name: "Database, Mr Data first",
  repeats: 1,
  levels: [level(5, { users: [BOT] }), level(15, { users: ["PROBIN"] })],
  services: [],
  ...change,
});

export const service = (change: Partial<RestService> = {}): RestService => ({
  id: "PDATABASE",
  name: "Database",
  status: "active",
  policyId: "PARMED",
  urgencyRule: { type: "constant", urgency: "high" },
  teams: [],
  supportHours: false,
  scheduledActions: 0,
  autoPause: null,
  autoResolveMs: null,
  integrations: [],
  ...change,
});

/** Facts of a safe policy, with overrides. */
export const facts = (change: Partial<PolicyFacts> = {}): PolicyFacts => ({
  policy: policy(),
  bot: BOT,
  automations: ["PROGRAM"],
  windowMs: 5 * MINUTE,
  rosters: new Map(),
  period: { since: NOW, until: NOW + 14 * 24 * HOUR },
  botPolicies: [policy()],
  botSchedules: [],
  armedServices: ["PDATABASE"],
  fallback: policy({ id: "PFALLBACK", name: "People only", levels: [level(15, { users: ["PALEX"] })] }),
  services: [{ service: service(), suspension: null }],
  ...change,
});
