import { PagerDutyError } from "./errors.ts";
import { expectAnswer, type Reader } from "./read-answer.ts";
import type { Requester } from "./request.ts";
import {
  createdSubscriptionAnswer,
  type RestSubscription,
  subscriptionAnswer,
  subscriptionsAnswer,
} from "./subscription-types.ts";

export type SubscriptionScope =
  | { readonly type: "account_reference" }
  | { readonly type: "service_reference" | "team_reference"; readonly id: string };

/** The wanted properties. The URL cannot be changed afterwards: another URL is another subscription. */
export type WantedSubscription = {
  readonly url: string;
  readonly description: string;
  /** `incident.triggered` and the like; `neededEvents` are those that the bot requires. */
  readonly events: readonly string[];
  readonly filter: SubscriptionScope;
};

/** Webhook subscriptions (API reference, Webhooks V3). Every method throws PagerDutyError. */
export type SubscriptionCalls = {
  /**
   * The only answer that contains the signing secret. A creation that was made and never answered leaves a subscription
   * whose secret is unknown: it is deleted before the retry. Error 2019: at most ten per scope.
   */
  createSubscription(
    wanted: WantedSubscription,
  ): Promise<{ readonly subscription: RestSubscription; readonly secret: string }>;
  getSubscription(id: string): Promise<RestSubscription>;
  listSubscriptions(): AsyncIterable<RestSubscription>;
  /** Description, events, scope and whether it is active; omitted properties stay. */
  updateSubscription(
    id: string,
    change: Partial<Omit<WantedSubscription, "url">> & { readonly active?: boolean },
  ): Promise<RestSubscription>;
  /** Ends the day of silence after three refused webhooks in a row. What was dropped meanwhile is not resent. */
  enableSubscription(id: string): Promise<RestSubscription>;
  deleteSubscription(id: string): Promise<void>;
  /** Makes PagerDuty send a signed `pagey.ping` to it. */
  pingSubscription(id: string): Promise<void>;
};

const collection = ["webhook_subscriptions"] as const;

/** The calls that read and change webhook subscriptions. Each rejects with PagerDutyError. */
export function subscriptionCalls(request: Requester, { read, readPages }: Reader): SubscriptionCalls {
  const list = () => readPages(subscriptionsAnswer, collection);
  const idsOf = async (url: string): Promise<ReadonlySet<string>> => {
    const ids = new Set<string>();
    for await (const subscription of list()) if (subscription.url === url) ids.add(subscription.id);
    return ids;
  };
  const remove = async (id: string): Promise<void> => {
    await request({ method: "DELETE", path: [...collection, id] });
  };
  const subscriptionIn = (answer: unknown, call: string): RestSubscription =>
    expectAnswer(subscriptionAnswer, answer, call).webhook_subscription;
  return {
    async createSubscription({ url, description, events, filter }) {
      const before = await idsOf(url);
      const answer = await request({
        method: "POST",
        path: collection,
        body: {
          webhook_subscription: {
            type: "webhook_subscription",
            description,
            events,
            filter,
            delivery_method: { type: "http_delivery_method", url },
          },
        },
        async beforeRetry() {
          for (const id of await idsOf(url)) if (!before.has(id)) await remove(id);
          return true;
        },
      });
      const created = expectAnswer(createdSubscriptionAnswer, answer, "POST /webhook_subscriptions");
      const { secret, ...subscription } = created.webhook_subscription;
      return { subscription, secret: secret ?? "" };
    },
    getSubscription: async (id) => (await read(subscriptionAnswer, [...collection, id])).webhook_subscription,
    listSubscriptions: list,
    updateSubscription: async (id, change) =>
      subscriptionIn(
        await request({
          method: "PUT",
          path: [...collection, id],
          body: { webhook_subscription: { type: "webhook_subscription", ...change } },
        }),
        `PUT /webhook_subscriptions/${id}`,
      ),
    enableSubscription: async (id) =>
      subscriptionIn(
        await request({ method: "POST", path: [...collection, id, "enable"] }),
        `POST /webhook_subscriptions/${id}/enable`,
      ),
    async deleteSubscription(id) {
      try {
        await remove(id);
      } catch (error) {
        // Deleted by the first attempt, whose answer was lost.
        if (!(error instanceof PagerDutyError) || error.status !== 404) throw error;
      }
    },
    async pingSubscription(id) {
      await request({ method: "POST", path: [...collection, id, "ping"] });
    },
  };
}
