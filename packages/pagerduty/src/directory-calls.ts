import {
  abilitiesAnswer,
  contactMethodsAnswer,
  licenseAnswer,
  notificationRulesAnswer,
  onCallsAnswer,
  orchestrationAnswer,
  orchestrationsAnswer,
  type RestContactMethod,
  type RestLicense,
  type RestNotificationRule,
  type RestOnCall,
  type RestService,
  type RestUser,
  serviceAnswer,
  servicesAnswer,
  userAnswer,
} from "./directory-types.ts";
import { PagerDutyError } from "./errors.ts";
import type { Reader } from "./read-answer.ts";
import type { CallLimits } from "./request.ts";
import { policiesAnswer, policyAnswer, type RestPolicy } from "./rest-types.ts";
import { type Period, type ScheduleCalls, scheduleCalls } from "./schedule-calls.ts";

/** The parts of an account (API reference). Every method throws PagerDutyError, 404 for what does not exist. */
export type DirectoryCalls = ScheduleCalls & {
  getUser(id: string): Promise<RestUser>;
  /** The key's user; null for an account's key, which belongs to nobody (PagerDuty answers 400). */
  getOwnUser(): Promise<RestUser | null>;
  listContactMethods(user: string): Promise<readonly RestContactMethod[]>;
  listNotificationRules(user: string): Promise<readonly RestNotificationRule[]>;
  /** Null where the account has no licences, or the key may not read them. */
  getLicense(user: string): Promise<RestLicense | null>;
  getEscalationPolicy(id: string, limits?: CallLimits): Promise<RestPolicy>;
  /** Policies that target any of these users by name, not through a schedule; all if none is given. */
  listEscalationPolicies(filter?: { readonly userIds?: readonly string[] }): AsyncIterable<RestPolicy>;
  getService(id: string): Promise<RestService>;
  listServices(): AsyncIterable<RestService>;
  /**
   * The longest time for which the service's event orchestration suspends a new alert before it becomes an incident,
   * milliseconds; null for none, or where the plan or the key does not show it.
   */
  longestSuspension(service: string): Promise<number | null>;
  /** The same for the account's global orchestrations, for any service. */
  longestGlobalSuspension(): Promise<number | null>;
  listOnCalls(
    filter: Partial<Period> & {
      readonly userIds?: readonly string[];
      readonly policyIds?: readonly string[];
    },
    limits?: CallLimits,
  ): AsyncIterable<RestOnCall>;
  /** What the account's plan allows. */
  listAbilities(): Promise<readonly string[]>;
};

/** Null where the plan (402), the key (403) or the account (404) lacks it. */
function notShown(error: unknown): null {
  if (error instanceof PagerDutyError && [402, 403, 404].includes(error.status)) return null;
  throw error;
}

const iso = (at: number): string => new Date(at).toISOString();

/** The calls that read an account's parts: users, services, policies, schedules. Each rejects with PagerDutyError. */
export function directoryCalls({ read, readPages }: Reader): DirectoryCalls {
  return {
    ...scheduleCalls({ read }),
    getUser: async (id) => (await read(userAnswer, ["users", id])).user,
    async getOwnUser() {
      try {
        return (await read(userAnswer, ["users", "me"])).user;
      } catch (error) {
        if (error instanceof PagerDutyError && error.status === 400) return null;
        throw error;
      }
    },
    listContactMethods: async (user) =>
      (await read(contactMethodsAnswer, ["users", user, "contact_methods"])).contact_methods,
    listNotificationRules: async (user) =>
      (await read(notificationRulesAnswer, ["users", user, "notification_rules"])).notification_rules,
    getLicense: async (user) =>
      (await read(licenseAnswer, ["users", user, "license"]).catch(notShown))?.license ?? null,
    getEscalationPolicy: async (id, limits) =>
      (await read(policyAnswer, ["escalation_policies", id], {}, limits)).escalation_policy,
    listEscalationPolicies: ({ userIds = [] } = {}) =>
      readPages(policiesAnswer, ["escalation_policies"], { user_ids: userIds }),
    getService: async (id) => (await read(serviceAnswer, ["services", id])).service,
    listServices: () => readPages(servicesAnswer, ["services"]),
    longestSuspension: (service) =>
      read(orchestrationAnswer, ["event_orchestrations", "services", service]).catch(notShown),
    async longestGlobalSuspension() {
      let longest = 0;
      try {
        for await (const { id } of readPages(orchestrationsAnswer, ["event_orchestrations"])) {
          const path = ["event_orchestrations", id, "global"];
          longest = Math.max(longest, (await read(orchestrationAnswer, path).catch(notShown)) ?? 0);
        }
      } catch (error) {
        notShown(error);
      }
      return longest === 0 ? null : longest;
    },
    listOnCalls: ({ userIds = [], policyIds = [], since, until }, limits) =>
      readPages(
        onCallsAnswer,
        ["oncalls"],
        {
          user_ids: userIds,
          escalation_policy_ids: policyIds,
          ...(since === undefined ? {} : { since: iso(since) }),
          ...(until === undefined ? {} : { until: iso(until) }),
        },
        limits,
      ),
    listAbilities: async () => (await read(abilitiesAnswer, ["abilities"])).abilities,
  };
}
