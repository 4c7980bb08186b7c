import { createDiscreteClock } from "../discrete-clock.ts";
import type { AccountDescription } from "./account.ts";
import type { DeliverRequest } from "./delivery.ts";
import { createPagerDutyDouble } from "./double.ts";
import { substream } from "./ids.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const START = Date.parse("2026-03-02T03:00:00Z");
export const TOKEN = "full-access-token";

const user = (id: string) => ({ type: "user" as const, id });
export const rule = (delayMinutes: number, ...ids: readonly string[]) => ({
  delayMinutes,
  targets: ids.map(user),
});

const SERVICE = {
  policyId: "PPOLICY",
  urgency: "high" as const,
  autoResolveTimeout: null,
  acknowledgementTimeout: null,
};

/** Anna, Ben and Carla on three levels; one service of each urgency, one with both timeouts. */
export const account = (change: Partial<AccountDescription> = {}): AccountDescription => ({
  users: [
    { id: "PANNA", name: "Anna", email: "anna@example.com" },
    { id: "PBEN", name: "Ben", email: "ben@example.com" },
    { id: "PCARLA", name: "Carla", email: "carla@example.com" },
  ],
  schedules: [{ id: "PNOBODY", name: "Nobody", onCall: () => [] }],
  policies: [
    {
      id: "PPOLICY",
      name: "Three levels",
      repeat: 1,
      rules: [rule(5, "PANNA"), rule(10, "PBEN"), rule(15, "PCARLA")],
    },
    { id: "POTHER", name: "Other", repeat: 0, rules: [rule(5, "PCARLA")] },
    {
      id: "PGAP",
      name: "With a gap",
      repeat: 0,
      rules: [
        rule(5, "PANNA"),
        { delayMinutes: 5, targets: [{ type: "schedule", id: "PNOBODY" }] },
        rule(5, "PCARLA"),
      ],
    },
    {
      id: "PEMPTY",
      name: "Nobody at all",
      repeat: 0,
      rules: [{ delayMinutes: 5, targets: [{ type: "schedule", id: "PNOBODY" }] }],
    },
  ],
  services: [
    { ...SERVICE, id: "PHIGH", name: "High" },
    { ...SERVICE, id: "PLOW", name: "Low", urgency: "low" },
    { ...SERVICE, id: "PSEVERITY", name: "By severity", urgency: "severity_based" },
    { ...SERVICE, id: "PGAPPED", name: "Gapped", policyId: "PGAP" },
    { ...SERVICE, id: "PUNSTAFFED", name: "Unstaffed", policyId: "PEMPTY" },
    { ...SERVICE, id: "PTIMED", name: "Timed", autoResolveTimeout: 14_400, acknowledgementTimeout: 1_800 },
  ],
  priorities: [{ id: "PP1", name: "P1" }],
  restTokens: [
    { token: TOKEN, scopes: "full" },
    { token: "read-only-token", scopes: "read" },
    { token: "an-apps-token", scopes: "full", isOAuth: true },
    { token: "annas-own-token", scopes: "full", user: "PANNA" },
  ],
  ...change,
});

/** A double on a clock of its own, and what a test asks of it most. */
export function startDouble(
  options: {
    readonly change?: Partial<AccountDescription>;
    readonly deliverWebhook?: DeliverRequest;
    readonly seed?: number;
    readonly requestsPerMinute?: number;
  } = {},
) {
  const clock = createDiscreteClock(START);
  const double = createPagerDutyDouble({
    clock,
    account: account(options.change),
    random: substream(() => options.seed ?? 0.5),
    deliverWebhook: options.deliverWebhook ?? (async () => ({ status: 204 })),
    ...(options.requestsPerMinute === undefined ? {} : { requestsPerMinute: options.requestsPerMinute }),
  });
  const open = (serviceId = "PHIGH", dedupKey = "disk", title = "Disk is full"): string => {
    const { incident } = double.trigger({ serviceId, dedupKey, title });
    if (incident === null) throw new Error(`no incident on ${serviceId}`);
    return incident;
  };
  const after = (minutes: number) => clock.run(START + minutes * MINUTE);
  const ask = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly status: number; readonly body: unknown; readonly headers: Headers }> => {
    const response = await double.handle(
      new Request(`https://api.pagerduty.com${path}`, {
        method,
        headers: { authorization: `Token token=${TOKEN}`, from: "ben@example.com", ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === "" ? null : JSON.parse(text),
    };
  };
  return { clock, double, open, after, ask };
}
