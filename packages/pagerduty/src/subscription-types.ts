import { z } from "zod";

const subscription = z
  .object({
    id: z.string(),
    active: z.boolean().nullish(),
    description: z.string().nullish(),
    events: z.array(z.string()),
    filter: z.object({ type: z.string(), id: z.string().nullish() }),
    delivery_method: z.object({
      url: z.string().nullish(),
      temporarily_disabled: z.boolean().nullish(),
      secret: z.string().nullish(),
    }),
  })
  .transform(({ id, active, description, events, filter, delivery_method: delivery }) => ({
    id,
    url: delivery.url ?? "",
    description: description ?? "",
    events,
    /** `account_reference` has no id; `service_reference` and `team_reference` have one. */
    filter: { type: filter.type, id: filter.id ?? null },
    active: active ?? true,
    /** PagerDuty disabled it for a day, because three webhooks in a row were refused. */
    temporarilyDisabled: delivery.temporarily_disabled ?? false,
    secret: delivery.secret ?? null,
  }));

/** A webhook subscription (API reference, Webhooks V3). Its secret is only in the answer to its creation. */
export type RestSubscription = Omit<z.output<typeof subscription>, "secret">;

const withoutSecret = subscription.transform(({ secret: _secret, ...rest }): RestSubscription => rest);

export const subscriptionAnswer = z.object({ webhook_subscription: withoutSecret });
export const createdSubscriptionAnswer = z.object({
  webhook_subscription: subscription.refine(({ secret }) => secret !== null && secret !== "", {
    message: "the new subscription came without its secret",
    path: ["delivery_method", "secret"],
  }),
});
export const subscriptionsAnswer = z
  .object({ webhook_subscriptions: z.array(withoutSecret), more: z.boolean().nullish() })
  .transform(({ webhook_subscriptions: list, more }) => ({ list, more: more ?? false }));
