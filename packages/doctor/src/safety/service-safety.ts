import type { RestService } from "@mrdata/pagerduty";
import { type Check, failed, ok } from "./check.ts";
import { minutes, nameOf } from "./facts.ts";

/** Facts about a service that has the bot as first responder, or is about to. */
export type ServiceFacts = {
  readonly service: RestService;
  /** The longest time for which an event orchestration suspends its alerts, milliseconds; null if none, or unreadable. */
  readonly suspension: number | null;
};

/** The required and informational checks of a service. `windowMs`: the bot's, milliseconds. */
export function serviceSafety({ service, suspension }: ServiceFacts, windowMs: number): readonly Check[] {
  return [
    urgency(service),
    liveCalls(service),
    autoResolved(service, windowMs),
    suspended(service, suspension, windowMs),
  ];
}

/** Only high-urgency incidents escalate; any other would stay with the bot for ever ("cannot be escalated"). */
function urgency(service: RestService): Check {
  const about = { name: "urgency", subject: service.id } as const;
  const { type, urgency: rule } = service.urgencyRule;
  const fix = `In PagerDuty, set ${nameOf(service)} → Settings → Assign and notify to high-urgency notifications for every incident.`;
  if (type !== "constant" || service.supportHours)
    return failed(
      about,
      `The urgency of ${nameOf(service)} goes by support hours: outside of them an incident may be of low urgency, which never escalates.`,
      fix,
    );
  if (rule === "severity_based")
    return failed(
      about,
      `The urgency of ${nameOf(service)} goes by the alert's severity: one of low urgency never escalates, and stays with the bot.`,
      fix,
    );
  if (rule !== "high")
    return failed(
      about,
      `Incidents of ${nameOf(service)} are of ${rule ?? "unknown"} urgency, and only those of high urgency escalate.`,
      fix,
    );
  return ok(about, `Every incident of ${nameOf(service)} is of high urgency.`);
}

const liveCall = /live[ _-]?call|(^|[ _-])lcr([ _-]|$)/i;

/** A caller who is routed to the bot reaches nobody. */
function liveCalls(service: RestService): Check {
  const about = { name: "live-call-routing", subject: service.id } as const;
  const lines = service.integrations.filter(({ type, name }) => liveCall.test(type) || liveCall.test(name));
  if (lines.length === 0) return ok(about, `No telephone line is routed to ${nameOf(service)}.`);
  return failed(
    about,
    `${nameOf(service)} has live call routing (${lines.map(nameOf).join(", ")}): a caller would be put through to the bot.`,
    `In PagerDuty, route the calls to a service of people only, or leave ${nameOf(service)} as it is.`,
  );
}

/** PagerDuty's own default (API reference, Services: `auto_resolve_timeout` 14400). */
const SHORT_AUTO_RESOLVE_MS = 4 * 3_600_000;

/**
 * Incidents that PagerDuty auto-resolves were not looked at by anybody. With a timeout within the window, held incidents would be closed
 * before any person was notified: then the bot must not hold at all.
 */
function autoResolved(service: RestService, windowMs: number): Check {
  const about = { name: "auto-resolve", subject: service.id } as const;
  const { autoResolveMs } = service;
  const fix = `In PagerDuty, set ${nameOf(service)} → Settings → Incident behavior to auto-resolve after ${SHORT_AUTO_RESOLVE_MS / 3_600_000} hours or more, or not at all.`;
  if (autoResolveMs === null)
    return ok(about, `PagerDuty closes no incident of ${nameOf(service)} by itself.`);
  const after = `PagerDuty closes incidents of ${nameOf(service)} by itself after ${minutes(autoResolveMs)}`;
  if (autoResolveMs <= windowMs)
    return failed(
      about,
      `${after}, and the window lasts ${minutes(windowMs)}: what is held would be closed before any person was notified.`,
      fix,
    );
  if (autoResolveMs < SHORT_AUTO_RESOLVE_MS)
    return failed(
      { ...about, needed: false },
      `${after}: a real one that nobody answers is closed, and looks as if it had healed.`,
      fix,
    );
  return ok(about, `${after}.`);
}

function suspended(service: RestService, rules: number | null, windowMs: number): Check {
  const about = { name: "suspension", subject: service.id, needed: false } as const;
  const { autoPause } = service;
  if (autoPause === null && rules === null)
    return ok(about, `Nothing is suspended before it opens on ${nameOf(service)}: the window is all.`);
  const parts = [
    ...(autoPause === null ? [] : [`auto-pause ${minutes(autoPause)}`]),
    ...(rules === null ? [] : [`event orchestration ${minutes(rules)}`]),
    `window ${minutes(windowMs)}`,
  ];
  const sum = (autoPause ?? 0) + (rules ?? 0) + windowMs;
  return ok(
    about,
    `Before an incident of ${nameOf(service)} reaches people it may take ${minutes(sum)}: ${parts.join(" + ")}.`,
  );
}
