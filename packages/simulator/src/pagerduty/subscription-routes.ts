import { z } from "zod";
import type { Deliveries } from "./deliveries.ts";
import { refusals } from "./errors.ts";
import { readBody } from "./read-body.ts";
import { pageOf } from "./rest-query.ts";
import type { Route } from "./routes.ts";
import { subscriptionShape } from "./shapes.ts";
import type { SubscriptionFilter, Subscriptions } from "./subscriptions.ts";
import type { World } from "./world.ts";

const newSubscription = z.strictObject({
  webhook_subscription: z.strictObject({
    type: z.string().optional(),
    active: z.boolean().optional(),
    delivery_method: z.strictObject({
      type: z.literal("http_delivery_method"),
      url: z.url({ protocol: /^https?$/ }),
      custom_headers: z.array(z.strictObject({ name: z.string(), value: z.string() })).default([]),
    }),
    description: z.string().nullish(),
    events: z.array(z.string().regex(/^(incident|service)\.[a-z_.]+$/, "is not an event type")).min(1),
    filter: z.strictObject({
      type: z.enum(["account_reference", "service_reference", "team_reference"]),
      id: z.string().nullish(),
    }),
  }),
});

const changedSubscription = z.strictObject({
  webhook_subscription: z.strictObject({
    type: z.string().optional(),
    id: z.string().optional(),
    description: z.string().optional(),
    events: newSubscription.shape.webhook_subscription.shape.events.optional(),
    filter: newSubscription.shape.webhook_subscription.shape.filter.optional(),
    active: z.boolean().optional(),
  }),
});

/** Webhook subscriptions: listed, made, read, enabled, tried, deleted. */
export function subscriptionRoutes(
  subscriptions: Subscriptions,
  deliveries: Deliveries,
  world: World,
): readonly Route[] {
  const shape = (id: string, secret: string | null = null) =>
    subscriptionShape(subscriptions.get(id), world.clock.now(), secret);
  const filterOf = ({
    type,
    id = null,
  }: {
    type: SubscriptionFilter["type"];
    id?: string | null | undefined;
  }) => {
    if ((type === "account_reference") !== (id === null))
      throw refusals.invalid("filter: expected an id for a service or a team, and none for the account");
    if (id !== null && type === "service_reference") world.directory.service(id);
    if (id !== null && type === "team_reference" && !world.directory.teams().has(id))
      throw refusals.notFound();
    return { type, id };
  };
  return [
    {
      method: "GET",
      path: "/webhook_subscriptions",
      handle: ({ query }) => ({
        body: pageOf(query, "webhook_subscriptions", [...subscriptions.all.keys()], (id) => shape(id)),
      }),
    },
    {
      method: "POST",
      path: "/webhook_subscriptions",
      handle({ body }) {
        const asked = readBody(newSubscription, body).webhook_subscription;
        const { url, custom_headers } = asked.delivery_method;
        const subscription = subscriptions.create({
          url,
          events: asked.events,
          description: asked.description ?? "",
          filter: filterOf(asked.filter),
          ...(asked.active === undefined ? {} : { active: asked.active }),
          customHeaders: Object.fromEntries(custom_headers.map(({ name, value }) => [name, value])),
        });
        return {
          status: 201,
          body: { webhook_subscription: shape(subscription.id, subscription.secret) },
        };
      },
    },
    {
      method: "GET",
      path: "/webhook_subscriptions/:id",
      handle: ({ id }) => ({ body: { webhook_subscription: shape(id) } }),
    },
    {
      method: "PUT",
      path: "/webhook_subscriptions/:id",
      handle({ id, body }) {
        const { filter, description, events, active } = readBody(
          changedSubscription,
          body,
        ).webhook_subscription;
        subscriptions.update(id, {
          ...(description === undefined ? {} : { description }),
          ...(events === undefined ? {} : { events }),
          ...(active === undefined ? {} : { active }),
          ...(filter === undefined ? {} : { filter: filterOf(filter) }),
        });
        return { body: { webhook_subscription: shape(id) } };
      },
    },
    {
      method: "DELETE",
      path: "/webhook_subscriptions/:id",
      handle({ id }) {
        subscriptions.remove(id);
        return { status: 204 };
      },
    },
    {
      method: "POST",
      path: "/webhook_subscriptions/:id/enable",
      handle({ id }) {
        deliveries.enable(subscriptions.get(id));
        return { body: { webhook_subscription: shape(id) } };
      },
    },
    {
      method: "POST",
      path: "/webhook_subscriptions/:id/ping",
      handle({ id }) {
        const at = world.clock.now();
        deliveries.publishTo(subscriptions.get(id), {
          type: "pagey.ping",
          resource: id,
          service: null,
          teams: [],
          body: {
            event: {
              id: world.ids.event(at),
              event_type: "pagey.ping",
              resource_type: "pagey",
              occurred_at: new Date(at).toISOString(),
              agent: null,
              client: null,
              data: { message: "Hello from your friend Pagey!", type: "ping" },
            },
          },
        });
        return { status: 202 };
      },
    },
  ];
}
