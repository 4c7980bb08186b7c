import type { IncidentEvent } from "@mrdata/incident";
import { parseWebhook } from "@mrdata/pagerduty";
import { BOT, type Told, webhook } from "./webhooks.ts";

/** An event as the pipeline would read it from its webhook. */
export function eventOf(told: Told): IncidentEvent {
  const parsed = parseWebhook(webhook(told), { botUser: BOT.id });
  if (parsed.kind !== "incident-event") throw new Error(`${told.type} is no event of an incident`);
  return parsed.event;
}
