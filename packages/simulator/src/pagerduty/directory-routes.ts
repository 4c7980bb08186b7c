import { z } from "zod";
import type { UserDescription } from "./account.ts";
import { type ChangeEvent, changeEventShape } from "./change-events.ts";
import { refusals } from "./errors.ts";
import { listOnCalls } from "./on-calls.ts";
import { readBody } from "./read-body.ts";
import { namedLike, oneOf, pageOf, parseTime, timeOf } from "./rest-query.ts";
import { get, type Route } from "./routes.ts";
import { serviceStatus } from "./service-status.ts";
import {
  contactMethods,
  integrationsOf,
  isoTime,
  licenseShape,
  maintenanceShape,
  notificationRules,
  policyShape,
  resource,
  serviceShape,
  teamShape,
  userShape,
} from "./shapes.ts";
import type { World } from "./world.ts";

/** By name or e-mail address. */
const usersLike = (query: URLSearchParams, { directory }: World): readonly UserDescription[] => {
  const part = (query.get("query") ?? "").toLowerCase();
  return [...directory.users.values()].filter(({ name, email }) =>
    [name, email].some((text) => text.toLowerCase().includes(part)),
  );
};

/** Newest first. */
const changesIn = ({ changeEvents }: World, query: URLSearchParams): readonly ChangeEvent[] => {
  const since = timeOf(query, "since") ?? Number.NEGATIVE_INFINITY;
  const until = timeOf(query, "until") ?? Number.POSITIVE_INFINITY;
  return changeEvents.filter(({ at }) => at >= since && at < until).toSorted((a, b) => b.at - a.at);
};

/** Throws 404. */
function withId<T extends { readonly id: string }>(list: readonly T[], id: string): T {
  const found = list.find((one) => one.id === id);
  if (found === undefined) throw refusals.notFound();
  return found;
}

const newWindow = z.strictObject({
  maintenance_window: z.strictObject({
    type: z.string().optional(),
    start_time: z.string(),
    end_time: z.string(),
    description: z.string().nullish(),
    services: z.array(z.object({ id: z.string() })).min(1),
  }),
});

/** Of a service only the policy can be changed over REST: what is not played is refused, not ignored. */
const changedService = z.strictObject({
  service: z.strictObject({
    id: z.string().optional(),
    type: z.string().optional(),
    escalation_policy: z.object({ id: z.string() }),
  }),
});

/** Users, policies, services, who is on call, and maintenance. */
export const directoryRoutes: readonly Route[] = [
  get("/users", ({ world, query }) => pageOf(query, "users", usersLike(query, world), userShape)),
  get("/users/me", ({ world, user }) => {
    if (user === null) throw refusals.noUser();
    return { user: userShape(world.directory.user(user)) };
  }),
  get("/users/:id", ({ world, id }) => ({ user: userShape(world.directory.user(id)) })),
  get("/users/:id/contact_methods", ({ world, id }) => ({
    contact_methods: contactMethods(world.directory.user(id)),
  })),
  get("/users/:id/contact_methods/:innerId", ({ world, id, innerId }) => ({
    contact_method: withId(contactMethods(world.directory.user(id)), innerId),
  })),
  get("/users/:id/notification_rules/:innerId", ({ world, id, innerId }) => ({
    notification_rule: withId(notificationRules(world.directory.user(id)), innerId),
  })),
  get("/users/:id/notification_rules", ({ world, id }) => ({
    notification_rules: notificationRules(world.directory.user(id)),
  })),
  get("/users/:id/license", ({ world, id }) => ({ license: licenseShape(world.directory.user(id)) })),
  get("/abilities", () => ({ abilities: ["teams", "urgencies", "service_support_hours"] })),
  get("/event_orchestrations", ({ query }) => pageOf(query, "orchestrations", [], (one) => one)),
  get("/event_orchestrations/services/:id", ({ world, id }) => {
    const { suspend } = world.directory.service(id);
    return {
      orchestration_path: {
        type: "service",
        parent: { id, type: "service_reference" },
        sets: [{ id: "start", rules: suspend === undefined ? [] : [{ actions: { suspend } }] }],
        catch_all: { actions: {} },
      },
    };
  }),
  get("/escalation_policies", ({ world: { directory }, query }) =>
    pageOf(
      query,
      "escalation_policies",
      namedLike(query, directory.policies.values()).filter(({ rules }) =>
        oneOf(query, "user_ids")(...rules.flatMap(({ targets }) => targets.map(({ id }) => id))),
      ),
      (one) => policyShape(directory, one),
    ),
  ),
  get("/escalation_policies/:id", ({ world: { directory }, id }) => ({
    escalation_policy: policyShape(directory, directory.policy(id)),
  })),
  get("/services", ({ world, query }) =>
    pageOf(
      query,
      "services",
      namedLike(query, world.directory.services.values()).filter(({ teams = [] }) =>
        oneOf(query, "team_ids")(...teams),
      ),
      (one) => serviceShape(world.directory, one, serviceStatus(world, one.id)),
    ),
  ),
  get("/services/:id/integrations/:innerId", ({ world, id, innerId }) => ({
    integration: withId(integrationsOf(world.directory.service(id)), innerId),
  })),
  get("/services/:id/change_events", ({ world, id, query }) => {
    world.directory.service(id);
    return pageOf(
      query,
      "change_events",
      changesIn(world, query).filter(({ service }) => service === id),
      (one) => changeEventShape(world, one),
    );
  }),
  get("/change_events", ({ world, query }) =>
    pageOf(query, "change_events", changesIn(world, query), (one) => changeEventShape(world, one)),
  ),
  get("/change_events/:id", ({ world, id }) => ({
    change_event: changeEventShape(world, withId(world.changeEvents, id)),
  })),
  get("/teams", ({ world: { directory }, query }) =>
    pageOf(query, "teams", namedLike(query, directory.teams().values()), ({ id }) =>
      teamShape(directory, id),
    ),
  ),
  get("/teams/:id", ({ world: { directory }, id }) => ({ team: teamShape(directory, id) })),
  get("/services/:id", ({ world, id }) => ({
    service: serviceShape(world.directory, world.directory.service(id), serviceStatus(world, id)),
  })),
  {
    method: "PUT",
    path: "/services/:id",
    handle({ world, id, body }) {
      const { directory } = world;
      const asked = readBody(changedService, body).service.escalation_policy.id;
      const service = { ...directory.service(id), policyId: directory.policy(asked).id };
      directory.setService(service);
      return { body: { service: serviceShape(directory, service, serviceStatus(world, id)) } };
    },
  },
  get("/priorities", ({ world, query }) =>
    pageOf(query, "priorities", [...world.directory.priorities.values()], ({ id, name }) => ({
      ...resource("priority", "priorities", id, name),
      name,
    })),
  ),
  get("/oncalls", ({ world, query }) => pageOf(query, "oncalls", listOnCalls(world, query), (one) => one)),
  get("/maintenance_windows", ({ world: { directory, clock }, query }) => {
    const services = query.getAll("service_ids[]");
    const state = query.get("filter") ?? "all";
    const now = clock.now();
    const windows = [...directory.maintenance.values()].filter(
      (window) =>
        (services.length === 0 || window.services.some((id) => services.includes(id))) &&
        (state === "all" ||
          (state === "past" && window.end <= now) ||
          (state === "future" && window.start > now) ||
          (state === "open" && window.end > now) ||
          (state === "ongoing" && window.start <= now && window.end > now)),
    );
    return pageOf(query, "maintenance_windows", windows, (window) =>
      maintenanceShape(directory, window, windows.indexOf(window) + 1),
    );
  }),
  get("/maintenance_windows/:id", ({ world: { directory }, id }) => {
    const window = directory.maintenance.get(id);
    if (window === undefined) throw refusals.notFound();
    return { maintenance_window: maintenanceShape(directory, window, 1) };
  }),
  {
    method: "POST",
    path: "/maintenance_windows",
    from: true,
    handle({ world: { directory, ids }, body, requester }) {
      requester();
      const asked = readBody(newWindow, body).maintenance_window;
      const window = {
        id: ids.object("W"),
        start: parseTime(asked.start_time, "start_time"),
        end: parseTime(asked.end_time, "end_time"),
        services: asked.services.map(({ id }) => directory.service(id).id),
        description: asked.description ?? "",
      };
      if (window.end <= window.start)
        throw refusals.invalid(`end_time must be after start_time ${isoTime(window.start)}`);
      directory.maintenance.set(window.id, window);
      return {
        status: 201,
        body: { maintenance_window: maintenanceShape(directory, window, directory.maintenance.size) },
      };
    },
  },
  {
    method: "DELETE",
    path: "/maintenance_windows/:id",
    handle({ world: { directory }, id }) {
      if (!directory.maintenance.delete(id)) throw refusals.notFound();
      return { status: 204 };
    },
  },
];
