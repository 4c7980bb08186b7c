import { z } from "zod";
import type { EngineStack } from "../engine/support/engine-stack.ts";

const listed = z.object({ webhook_subscriptions: z.array(z.object({ active: z.boolean() })) });

/** Of each webhook subscription that there is, whether PagerDuty sends to it; none where it does not answer. */
export async function switchedOn({ pagerduty }: EngineStack): Promise<readonly boolean[]> {
  const headers = { authorization: "Token token=planted-pagerduty-token" };
  const answer = await pagerduty.fetch("http://pagerduty/webhook_subscriptions", { headers });
  if (!answer.ok) return [];
  return listed.parse(await answer.json()).webhook_subscriptions.map(({ active }) => active);
}
