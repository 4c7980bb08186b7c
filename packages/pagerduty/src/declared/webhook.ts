import { PagerDutyError } from "../errors.ts";
import { createPagerDuty } from "../rest-client.ts";
import type { SubscriptionCalls, SubscriptionScope, WantedSubscription } from "../subscription-calls.ts";

/** A webhook subscription as declared by an infrastructure program. */
export type DeclaredWebhook = {
  readonly url: string;
  readonly description: string;
  readonly events: readonly string[];
  readonly scope: string;
  /** Null for the whole account. */
  readonly scopeId: string | null;
};

/** Its outputs. The secret is returned once, at creation. */
export type WebhookOutputs = DeclaredWebhook & { readonly secret: string };

export type WebhookDiff = {
  readonly changes: boolean;
  readonly replaces: string[];
  readonly deleteBeforeReplace: boolean;
};

/** The subscription calls with a token, at PagerDuty's own address unless another is given. */
export const webhooksOf = (token: string, baseUrl: string): SubscriptionCalls =>
  createPagerDuty({
    auth: { kind: "token", token: async () => token },
    from: null,
    ...(baseUrl === "" ? {} : { baseUrl }),
    clock: {
      now: () => Date.now(),
      sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    },
    attempts: 6,
    deadline: 60_000,
  });

/**
 * Creates the subscription and leaves it disabled until its URL answers: after three refused webhooks in a row
 * PagerDuty would disable it for a day. An existing one with the same URL and description comes from an earlier attempt
 * that failed half-way: its secret was never stored, so it is deleted; otherwise each attempt would leave one behind,
 * and at most ten are allowed.
 */
export async function createDeclaredWebhook(
  calls: SubscriptionCalls,
  declared: DeclaredWebhook,
): Promise<{ readonly id: string; readonly outs: WebhookOutputs }> {
  const lost: string[] = [];
  for await (const { id, url, description } of calls.listSubscriptions())
    if (url === declared.url && description === declared.description) lost.push(id);
  for (const id of lost) await calls.deleteSubscription(id);
  const { subscription, secret } = await calls.createSubscription(wantedOf(declared));
  await calls.updateSubscription(subscription.id, { active: false });
  return { id: subscription.id, outs: { ...declared, secret } };
}

/** A different URL requires a new subscription; the old one is deleted once the new one exists. */
export const diffDeclaredWebhook = (olds: DeclaredWebhook, news: DeclaredWebhook): WebhookDiff => ({
  changes: told(olds) !== told(news),
  replaces: olds.url === news.url ? [] : ["url"],
  deleteBeforeReplace: false,
});

/**
 * Changes a subscription's description, events and scope; its URL cannot be changed, and its secret stays. Rejects with
 * PagerDutyError.
 */
export async function updateDeclaredWebhook(
  calls: SubscriptionCalls,
  id: string,
  olds: WebhookOutputs,
  news: DeclaredWebhook,
): Promise<WebhookOutputs> {
  const { url: _, ...changed } = wantedOf(news);
  await calls.updateSubscription(id, changed);
  return { ...news, secret: olds.secret };
}

/** The current subscription at PagerDuty; null if it was deleted. */
export async function readDeclaredWebhook(
  calls: SubscriptionCalls,
  id: string,
  olds: WebhookOutputs,
): Promise<WebhookOutputs | null> {
  try {
    const { url, description, events, filter } = await calls.getSubscription(id);
    const same = new Set(events).symmetricDifference(new Set(olds.events)).size === 0;
    return {
      url,
      description,
      // Compared regardless of order.
      events: same ? olds.events : events,
      scope: filter.type,
      scopeId: filter.id,
      secret: olds.secret,
    };
  } catch (error) {
    if (error instanceof PagerDutyError && error.status === 404) return null;
    throw error;
  }
}

/** Enables or disables a subscription. A deleted one is already silent. */
export async function switchWebhook(calls: SubscriptionCalls, id: string, active: boolean): Promise<void> {
  try {
    await calls.updateSubscription(id, { active });
  } catch (error) {
    if (active || !(error instanceof PagerDutyError) || error.status !== 404) throw error;
  }
}

const told = ({ url, description, events, scope, scopeId }: DeclaredWebhook): string =>
  JSON.stringify([url, description, events.toSorted(), scope, scopeId]);

function wantedOf({ url, description, events, scope, scopeId }: DeclaredWebhook): WantedSubscription {
  return { url, description, events, filter: filterOf(scope, scopeId) };
}

function filterOf(scope: string, id: string | null): SubscriptionScope {
  if ((scope === "service_reference" || scope === "team_reference") && id !== null)
    return { type: scope, id };
  return { type: "account_reference" };
}
