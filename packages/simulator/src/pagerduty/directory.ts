import {
  type AccountDescription,
  assertAccount,
  assertPolicy,
  assertSchedule,
  onCallBy,
  type PolicyDescription,
  type RestToken,
  type ScheduleDescription,
  type ServiceDescription,
  type TargetReference,
  type UserDescription,
} from "./account.ts";
import { refusals } from "./errors.ts";

/** A window during which services open no incidents. */
export type Maintenance = {
  readonly id: string;
  readonly start: number;
  readonly end: number;
  readonly services: readonly string[];
  readonly description: string;
};

/** The account as it stands: looked up by id, and changed while the clock runs. Lookups throw a 404 Refusal. */
export type Directory = {
  readonly users: ReadonlyMap<string, UserDescription>;
  readonly schedules: ReadonlyMap<string, ScheduleDescription>;
  readonly policies: ReadonlyMap<string, PolicyDescription>;
  readonly services: ReadonlyMap<string, ServiceDescription>;
  readonly priorities: ReadonlyMap<string, { readonly id: string; readonly name: string }>;
  readonly tokens: readonly RestToken[];
  readonly maintenance: Map<string, Maintenance>;
  user(id: string): UserDescription;
  service(id: string): ServiceDescription;
  policy(id: string): PolicyDescription;
  schedule(id: string): ScheduleDescription;
  /** By the Events API's `routing_key`. */
  serviceByKey(routingKey: string): ServiceDescription | undefined;
  /** By id: those that were described, and those that services belong to. */
  teams(): ReadonlyMap<string, { readonly id: string; readonly name: string }>;
  userByEmail(email: string): UserDescription | undefined;
  /** Who the targets reach at the moment `at`, each once: a user is always on call. */
  reachedBy(targets: readonly TargetReference[], at: number): readonly string[];
  inMaintenance(service: string, at: number): boolean;
  /** Adds or replaces. Incidents that are open keep the policy that they opened with. */
  setPolicy(policy: PolicyDescription): void;
  setService(service: ServiceDescription): void;
  setSchedule(schedule: ScheduleDescription): void;
  setUser(user: UserDescription): void;
  /** Policies and schedules keep naming it, as they do in PagerDuty when a user goes over an API. */
  removeUser(id: string): void;
};

export function createDirectory(account: AccountDescription): Directory {
  assertAccount(account);
  const users = byId(account.users);
  const schedules = byId(account.schedules);
  // Copies, which nobody changes: an incident keeps the one that it opened with.
  const policies = byId(structuredClone(account.policies));
  const services = byId(account.services);
  const maintenance = new Map<string, Maintenance>();
  for (const { id: service, maintenance: windows = [] } of account.services) {
    for (const [i, { start, end }] of windows.entries()) {
      const id = `W${service}${i + 1}`;
      maintenance.set(id, { id, start, end, services: [service], description: "Planned maintenance" });
    }
  }
  return {
    users,
    schedules,
    policies,
    services,
    priorities: byId(account.priorities ?? []),
    tokens: account.restTokens,
    maintenance,
    user: (id) => found(users.get(id)),
    service: (id) => found(services.get(id)),
    policy: (id) => found(policies.get(id)),
    schedule: (id) => found(schedules.get(id)),
    serviceByKey: (wanted) =>
      services.values().find(({ id, routingKey = `R${id}` }) => routingKey === wanted),
    teams() {
      const named = services.values().flatMap(({ teams = [] }) => teams.map((id) => ({ id, name: id })));
      return byId([...named, ...(account.teams ?? [])]);
    },
    userByEmail(email) {
      const wanted = email.trim().toLowerCase();
      return users.values().find((user) => user.email.toLowerCase() === wanted);
    },
    reachedBy(targets, at) {
      const reached = targets.flatMap(({ type, id }) => {
        if (type === "user") return [id];
        const schedule = schedules.get(id);
        return schedule === undefined ? [] : onCallBy(schedule, at);
      });
      // Who was removed is still named, and reaches nobody.
      return [...new Set(reached)].filter((id) => users.has(id));
    },
    inMaintenance: (service, at) =>
      maintenance
        .values()
        .some(({ services, start, end }) => services.includes(service) && start <= at && at < end),
    setPolicy(policy) {
      assertPolicy(policy, ({ type, id }) => (type === "user" ? users : schedules).has(id));
      policies.set(policy.id, structuredClone(policy));
    },
    setService(service) {
      if (!policies.has(service.policyId))
        throw new RangeError(`service ${service.id}: there is no escalation policy ${service.policyId}`);
      services.set(service.id, service);
    },
    setSchedule(schedule) {
      assertSchedule(schedule);
      schedules.set(schedule.id, schedule);
    },
    setUser(user) {
      users.set(user.id, user);
    },
    removeUser(id) {
      found(users.get(id));
      users.delete(id);
    },
  };
}

const byId = <T extends { readonly id: string }>(list: readonly T[]): Map<string, T> =>
  new Map(list.map((one) => [one.id, one]));

function found<T>(one: T | undefined): T {
  if (one === undefined) throw refusals.notFound();
  return one;
}
