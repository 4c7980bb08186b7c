import {
  type ContactMethod,
  kindOf,
  type PolicyDescription,
  type ServiceDescription,
  type UserDescription,
} from "./account.ts";
import type { Directory, Maintenance } from "./directory.ts";
import { refusals } from "./errors.ts";
import { isDisabled, type Subscription } from "./subscriptions.ts";

/**
 * The resources of the REST API v2 as it writes them (API reference), but for incidents and what belongs to them.
 */
const HOST = "https://example.pagerduty.com";
export const API = "https://api.pagerduty.com";

/** Times to the second, in UTC. */
export const isoTime = (at: number): string => new Date(at).toISOString().replace(/\.\d+/, "");

export const resource = (type: string, path: string, id: string, summary: string) => ({
  id,
  type,
  summary,
  self: `${API}/${path}/${id}`,
  html_url: `${HOST}/${path}/${id}`,
});

export const userReference = (directory: Directory, id: string) =>
  resource("user_reference", "users", id, directory.users.get(id)?.name ?? id);

export const serviceReference = (directory: Directory, id: string) =>
  resource("service_reference", "services", id, directory.services.get(id)?.name ?? id);

export const policyReference = ({ id, name }: { readonly id: string; readonly name: string }) =>
  resource("escalation_policy_reference", "escalation_policies", id, name);

/** Of either kind: `type` and `self` say which. */
export const scheduleReference = (directory: Directory, id: string) => {
  const schedule = directory.schedules.get(id);
  const summary = schedule?.name ?? id;
  if (schedule === undefined || kindOf(schedule) === "layer-based")
    return resource("schedule_reference", "schedules", id, summary);
  return {
    ...resource("schedule_v3_reference", "schedules", id, summary),
    self: `${API}/v3/schedules/${id}`,
  };
};

const contactTypes: Readonly<Record<ContactMethod, string>> = {
  email: "email_contact_method",
  phone: "phone_contact_method",
  sms: "sms_contact_method",
  push: "push_notification_contact_method",
};

const contactIds = ({ id, bot = false, contactMethods }: UserDescription) =>
  (contactMethods ?? (bot ? (["email"] as const) : (["email", "phone", "push"] as const))).map((kind) => ({
    kind,
    id: `C${id}${kind}`,
  }));

export const userShape = (user: UserDescription) => ({
  ...resource("user", "users", user.id, user.name),
  name: user.name,
  email: user.email,
  time_zone: "Etc/UTC",
  role: user.role ?? "user",
  job_title: null,
  teams: [],
  contact_methods: contactIds(user).map(({ kind, id }) =>
    resource(`${contactTypes[kind]}_reference`, `users/${user.id}/contact_methods`, id, kind),
  ),
  notification_rules: notificationRules(user).map(({ id, summary }) =>
    resource("assignment_notification_rule_reference", `users/${user.id}/notification_rules`, id, summary),
  ),
});

export const licenseShape = ({ license = "full" }: UserDescription) => ({
  ...(license === "full"
    ? resource("license", "licenses", "PLICENSEFULL", "Professional")
    : resource("license", "licenses", "PLICENSESTAKEHOLDER", "Stakeholder")),
  name: license === "full" ? "Professional" : "Stakeholder",
  role_group: license === "full" ? "FullUser" : "Stakeholder",
});

export const contactMethods = (user: UserDescription) =>
  contactIds(user).map(({ kind, id }) => ({
    ...resource(contactTypes[kind], `users/${user.id}/contact_methods`, id, kind),
    label: kind,
    address: kind === "email" ? user.email : kind === "push" ? "device" : "5550100",
  }));

/** At once by every way for high urgency, by e-mail alone for low. */
export const notificationRules = (user: UserDescription) =>
  contactIds(user).flatMap(({ kind, id: contact }) =>
    (["high", "low"] as const)
      .filter((urgency) => urgency === "high" || kind === "email")
      .map((urgency) => ({
        ...resource(
          "assignment_notification_rule",
          `users/${user.id}/notification_rules`,
          `R${contact}${urgency}`,
          `0 minutes: channel ${contact}`,
        ),
        start_delay_in_minutes: 0,
        contact_method: { id: contact, type: `${contactTypes[kind]}_reference` },
        urgency,
      })),
  );

export const policyShape = (directory: Directory, policy: PolicyDescription) => ({
  ...resource("escalation_policy", "escalation_policies", policy.id, policy.name),
  name: policy.name,
  description: null,
  num_loops: policy.repeat,
  on_call_handoff_notifications: "if_has_services",
  escalation_rules: policy.rules.map(({ delayMinutes, targets }, i) => ({
    id: `L${policy.id}${i + 1}`,
    escalation_delay_in_minutes: delayMinutes,
    targets: targets.map(({ type, id }) =>
      type === "user" ? userReference(directory, id) : scheduleReference(directory, id),
    ),
  })),
  services: [...directory.services.values()]
    .filter(({ policyId }) => policyId === policy.id)
    .map(({ id }) => serviceReference(directory, id)),
  teams: [],
});

export const serviceShape = (directory: Directory, service: ServiceDescription, status: string) => ({
  ...resource("service", "services", service.id, service.name),
  name: service.name,
  description: null,
  status,
  auto_resolve_timeout: service.autoResolveTimeout,
  acknowledgement_timeout: service.acknowledgementTimeout,
  escalation_policy: policyReference(directory.policy(service.policyId)),
  incident_urgency_rule: service.supportHours
    ? {
        type: "use_support_hours",
        during_support_hours: { type: "constant", urgency: "high" },
        outside_support_hours: { type: "constant", urgency: "low" },
      }
    : { type: "constant", urgency: service.urgency },
  alert_creation: "create_alerts_and_incidents",
  auto_pause_notifications_parameters: {
    enabled: service.autoPause !== undefined,
    timeout: service.autoPause ?? null,
  },
  integrations: [
    resource(
      "events_api_v2_inbound_integration_reference",
      `services/${service.id}/integrations`,
      `I${service.id}`,
      "Events API V2",
    ),
    ...(service.liveCallRouting
      ? [
          resource(
            "live_call_routing_inbound_integration_reference",
            `services/${service.id}/integrations`,
            `C${service.id}`,
            "Live Call Routing",
          ),
        ]
      : []),
  ],
  scheduled_actions: [],
  support_hours: service.supportHours
    ? {
        type: "fixed_time_per_day",
        time_zone: "Etc/UTC",
        start_time: "09:00:00",
        end_time: "17:00:00",
        days_of_week: [1, 2, 3, 4, 5],
      }
    : null,
  teams: (service.teams ?? []).map((id) =>
    resource("team_reference", "teams", id, directory.teams().get(id)?.name ?? id),
  ),
});

/** A service's integrations as they are shown by themselves. */
export const integrationsOf = ({
  id,
  routingKey = `R${id}`,
  liveCallRouting = false,
}: ServiceDescription) => [
  {
    ...resource(
      "events_api_v2_inbound_integration",
      `services/${id}/integrations`,
      `I${id}`,
      "Events API V2",
    ),
    name: "Events API V2",
    integration_key: routingKey,
  },
  ...(liveCallRouting
    ? [
        {
          ...resource(
            "live_call_routing_inbound_integration",
            `services/${id}/integrations`,
            `C${id}`,
            "Live Call Routing",
          ),
          name: "Live Call Routing",
          integration_key: null,
        },
      ]
    : []),
];

/** Throws 404. */
export function teamShape(directory: Directory, id: string) {
  const team = directory.teams().get(id);
  if (team === undefined) throw refusals.notFound();
  return { ...resource("team", "teams", id, team.name), name: team.name, description: null };
}

export const maintenanceShape = (directory: Directory, window: Maintenance, sequence: number) => ({
  ...resource("maintenance_window", "maintenance_windows", window.id, window.description),
  sequence_number: sequence,
  start_time: isoTime(window.start),
  end_time: isoTime(window.end),
  description: window.description,
  services: window.services.map((id) => serviceReference(directory, id)),
  teams: [],
});

/** The secret is shown in the answer to the creation and never again. */
export const subscriptionShape = (subscription: Subscription, at: number, secret: string | null) => ({
  id: subscription.id,
  type: "webhook_subscription",
  active: subscription.active,
  description: subscription.description,
  events: subscription.events,
  filter: { type: subscription.filter.type, ...(subscription.filter.id && { id: subscription.filter.id }) },
  delivery_method: {
    id: `D${subscription.id}`,
    type: "http_delivery_method",
    url: subscription.url,
    secret,
    temporarily_disabled: isDisabled(subscription, at),
    custom_headers: Object.keys(subscription.customHeaders).map((name) => ({
      name,
      value: "<redacted>",
    })),
  },
});
