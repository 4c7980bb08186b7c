import { z } from "zod";
import { refusals } from "./errors.ts";
import { listOnCalls } from "./on-calls.ts";
import { readBody } from "./read-body.ts";
import { namedLike, oneOf, pageOf, parseTime } from "./rest-query.ts";
import { get, type Route } from "./routes.ts";
import {
  contactMethods,
  isoTime,
  licenseShape,
  maintenanceShape,
  notificationRules,
  policyShape,
  resource,
  serviceShape,
  userShape,
} from "./shapes.ts";
import type { World } from "./world.ts";

/** PagerDuty's words for a service: what is worst of its open incidents. */
function serviceStatus({ directory, open, clock }: World, id: string): string {
  if (directory.inMaintenance(id, clock.now())) return "maintenance";
  const own = [...open.values()].filter(({ service }) => service === id);
  if (own.some(({ status }) => status === "triggered")) return "critical";
  return own.length > 0 ? "warning" : "active";
}

const newWindow = z.object({
  maintenance_window: z.object({
    start_time: z.string(),
    end_time: z.string(),
    description: z.string().nullish(),
    services: z.array(z.object({ id: z.string() })).min(1),
  }),
});

/** Of a service only the policy can be changed over REST: what is not played is refused, not ignored. */
const changedService = z.object({
  service: z.strictObject({
    id: z.string().optional(),
    type: z.string().optional(),
    escalation_policy: z.object({ id: z.string() }),
  }),
});

/** Users, policies, services, who is on call, and maintenance. */
export const directoryRoutes: readonly Route[] = [
  get("/users", ({ world, query }) =>
    pageOf(query, "users", namedLike(query, world.directory.users.values()), userShape),
  ),
  get("/users/me", ({ world, user }) => {
    if (user === null) throw refusals.invalid("An account's API key has no user");
    return { user: userShape(world.directory.user(user)) };
  }),
  get("/users/:id", ({ world, id }) => ({ user: userShape(world.directory.user(id)) })),
  get("/users/:id/contact_methods", ({ world, id }) => ({
    contact_methods: contactMethods(world.directory.user(id)),
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
    pageOf(query, "services", namedLike(query, world.directory.services.values()), (one) =>
      serviceShape(world.directory, one, serviceStatus(world, one.id)),
    ),
  ),
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
