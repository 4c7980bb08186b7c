import type { IncidentEvent } from "@mrdata/incident";
import { parseWebhook } from "@mrdata/pagerduty";
import { createDiscreteClock, createPagerDutyDouble, substream } from "../pagerduty/index.ts";
import { driveOrganisation } from "./drive.ts";
import type { Organisation } from "./organisation.ts";

export const subscribedEvents = [
  "triggered",
  "acknowledged",
  "unacknowledged",
  "resolved",
  "reopened",
  "escalated",
  "delegated",
  "reassigned",
  "priority_updated",
  "annotated",
].map((type) => `incident.${type}`);

/**
 * Every webhook event from `from` to `to`, in the order of delivery: the same organisation, the same
 * PagerDuty, without the network between.
 */
export async function historyOf(
  organisation: Organisation,
  { seed, from, to }: { readonly seed: number; readonly from: number; readonly to: number },
): Promise<readonly IncidentEvent[]> {
  const clock = createDiscreteClock(from);
  const events: IncidentEvent[] = [];
  const identity = { botUser: organisation.bot.id };
  const pagerduty = createPagerDutyDouble({
    clock,
    account: organisation.account,
    random: substream(() => (seed % 65_521) / 65_521),
    async deliverWebhook({ body }) {
      const parsed = parseWebhook(JSON.parse(Buffer.from(body).toString("utf8")), identity);
      if (parsed.kind === "incident-event") events.push(parsed.event);
      return { status: 200 };
    },
  });
  pagerduty.subscribe({ url: "http://history/", events: subscribedEvents });
  driveOrganisation({ organisation, seed, pagerduty, clock, from, to });
  await clock.run(to);
  return events;
}
