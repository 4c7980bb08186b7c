import { outOfRange } from "@mrdata/base";
import { neededEvents, type RestSubscription } from "@mrdata/pagerduty";
import { type Attempts, collect, readOr } from "./attempt.ts";
import type { CheckedPagerDuty, CheckOptions, CheckPorts } from "./check-ports.ts";
import { oldProjectHint } from "./old-project.ts";
import { type Check, failed, ok, unknown } from "./safety/index.ts";

/** How often the ledger is polled for the ping. */
const POLL_INTERVAL_MS = 250;

/** Checks that there is an enabled webhook subscription with the right events, signed with our secret. */
export async function checkSubscription(
  pagerduty: CheckedPagerDuty,
  ports: CheckPorts,
  options: CheckOptions,
  attempt: Attempts,
): Promise<readonly Check[]> {
  const read = await attempt.of(() => collect(pagerduty.listSubscriptions()));
  if (read.kind !== "read")
    return [
      unknown(
        { name: "subscription" },
        `The webhook subscriptions could not be read${read.kind === "unreadable" ? `: ${read.reason}` : ""}.`,
        "Run the checks again; the key needs to read webhook subscriptions.",
      ),
    ];
  const ours = read.value.filter((one) => isOurs(one, options.webhookUrl));
  const byTeam = ours.some(({ filter }) => filter.type === "team_reference");
  const teams = byTeam ? await teamsOf(pagerduty, options, attempt) : new Map<string, readonly string[]>();
  const present = coverageCheck(ours, options, teams);
  if (present.state !== "ok") return [present];
  const checks: Check[] = [present, ...duplicateChecks(ours)];
  for (const one of ours) {
    const enabled = enabledCheck(one);
    checks.push(enabled, eventsCheck(one));
    checks.push(
      enabled.state === "ok"
        ? await secretCheck(one, pagerduty, ports, options, attempt)
        : unknown(
            { name: "webhook-secret", subject: one.id },
            "Whether the signing secret fits cannot be checked while the subscription is off.",
            "Switch the subscription on, and run the checks again.",
          ),
    );
  }
  return checks;
}

/** Matched by URL or, if that is not known here, by our description. */
const isOurs = ({ url, description }: RestSubscription, webhookUrl: string | null): boolean =>
  webhookUrl === null
    ? /\bmr[ -]?data\b/i.test(description)
    : withoutTrailingSlash(url) === withoutTrailingSlash(webhookUrl);

const withoutTrailingSlash = (url: string): string => url.replace(/\/+$/, "");

/** The teams of each service; none if they cannot be read, so that a team's subscription covers nothing. */
async function teamsOf(
  pagerduty: CheckedPagerDuty,
  { armed }: CheckOptions,
  attempt: Attempts,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const read = armed.map(async ({ service }): Promise<[string, readonly string[]]> => {
    const one = await attempt.of(() => pagerduty.getService(service));
    return [service, one.kind === "read" ? one.value.teams : []];
  });
  return new Map(await Promise.all(read));
}

function coverageCheck(
  ours: readonly RestSubscription[],
  { webhookUrl, armed }: CheckOptions,
  teams: ReadonlyMap<string, readonly string[]>,
): Check {
  const about = { name: "subscription" } as const;
  const where = webhookUrl ?? "the URL of receive";
  const make = `In PagerDuty, add a Generic Webhook (V3) for the account to ${where} with the events ${neededEvents.join(", ")}, describe it as "Mr Data", and set MRDATA_WEBHOOK_SECRET to its signing secret.`;
  if (ours.length === 0)
    return failed(
      about,
      webhookUrl === null
        ? 'No webhook subscription is described as "Mr Data", and which URL webhooks come to is not known here.'
        : `No webhook subscription sends to ${webhookUrl}.`,
      webhookUrl === null ? `${make} Or name the URL: --webhook-url.` : make,
    );
  const covers = (service: string): boolean =>
    ours.some(({ filter: { type, id } }) => {
      if (type === "account_reference") return true;
      if (type === "service_reference") return id === service;
      return id !== null && (teams.get(service)?.includes(id) ?? false);
    });
  const outside = armed.map(({ service }) => service).filter((service) => !covers(service));
  if (outside.length > 0)
    return failed(
      { ...about, subject: outside[0] ?? outOfRange() },
      `No webhook subscription covers ${outside.join(", ")}.`,
      make,
    );
  return ok(about, `Webhooks are subscribed to: ${ours.map(({ id }) => id).join(", ")}.`);
}

/** Two subscriptions to one address deliver every event twice: costly, but harmless. */
function duplicateChecks(ours: readonly RestSubscription[]): readonly Check[] {
  return [...Map.groupBy(ours, ({ url }) => withoutTrailingSlash(url))].flatMap(([url, [first, ...more]]) => {
    if (first === undefined || more.length === 0) return [];
    const ids = [first, ...more].map(({ id }) => id).join(" and ");
    return [
      failed(
        { name: "subscription-twice", subject: url, needed: false },
        `The webhook subscriptions ${ids} send to the same address: every event comes more than once.`,
        "In PagerDuty, delete all but one: keep the one that the deployment made (described as Mr Data and the stack's name); then take away the signing secret of the others: pulumi config rm webhookSecret, and pulumi up.",
      ),
    ];
  });
}

function enabledCheck({ id, active, temporarilyDisabled }: RestSubscription): Check {
  const about = { name: "subscription-enabled", subject: id } as const;
  const call = `curl -X POST -H "Authorization: Token token=$MRDATA_PAGERDUTY_TOKEN" https://api.pagerduty.com/webhook_subscriptions/${id}/enable`;
  if (temporarilyDisabled)
    return failed(
      about,
      `PagerDuty has disabled the webhook subscription ${id} for a day: three webhooks in a row were refused.`,
      `See why they were refused (most often another signing secret), then enable it: ${call}`,
    );
  if (!active)
    return failed(
      about,
      `The webhook subscription ${id} is switched off.`,
      `In PagerDuty, switch the Generic Webhook ${id} on.`,
    );
  return ok(about, `The webhook subscription ${id} is on.`);
}

function eventsCheck({ id, events }: RestSubscription): Check {
  const about = { name: "subscription-events", subject: id } as const;
  const missing = neededEvents.filter((event) => !events.includes(event));
  if (missing.length === 0) return ok(about, `It sends all ${neededEvents.length} events that are needed.`);
  return failed(
    about,
    `The webhook subscription ${id} does not send ${missing.join(", ")}.`,
    `In PagerDuty, add ${missing.join(", ")} to the events of the Generic Webhook ${id}.`,
  );
}

/** PagerDuty never shows the secret again, so the check has it sign a ping, which must then reach the ledger. */
async function secretCheck(
  { id, url }: RestSubscription,
  pagerduty: CheckedPagerDuty,
  { ledger, clock, probe }: CheckPorts,
  { pingWait, pingPatience = 0 }: CheckOptions,
  attempt: Attempts,
): Promise<Check> {
  const about = { name: "webhook-secret", subject: id } as const;
  const seen = await attempt.of(() => ledger.lastSeen("ping"));
  if (seen.kind !== "read")
    return unknown(
      about,
      `Whether a ping has come through could not be read${seen.kind === "unreadable" ? `: ${seen.reason}` : ""}.`,
      "Run the checks again.",
    );
  const before = seen.value;
  const pinged = await attempt.of(() => pagerduty.pingSubscription(id));
  if (pinged.kind !== "read")
    return unknown(
      about,
      `PagerDuty would not send a ping${pinged.kind === "unreadable" ? `: ${pinged.reason}` : ""}.`,
      "Run the checks again; the key needs to change webhook subscriptions.",
    );
  const until = clock.now() + pingWait;
  for (;;) {
    const last = readOr(await attempt.of(() => ledger.lastSeen("ping")), null);
    if (last !== null && last !== before)
      return ok(about, "A ping that PagerDuty signed came through to the ledger: the secret fits.");
    if (clock.now() >= until) break;
    await clock.sleep(POLL_INTERVAL_MS);
  }
  const own = probe === null ? null : await probe();
  const late = `PagerDuty's ping to ${url} did not come through within ${Math.round(pingWait / 1000)} s`;
  const age = before === null ? Number.POSITIVE_INFINITY : clock.now() - before;
  if (age < pingPatience)
    return unknown(
      about,
      `${late}; one did ${Math.round(age / 60_000)} minutes ago, so the secret fitted then.`,
      "Look at the backlog of the function record. If no ping comes through until the check after the next, this one fails.",
    );
  const old = oldProjectHint(url);
  const renew = `Make the subscription anew (its secret is shown once), and set MRDATA_WEBHOOK_SECRET to that secret; then delete ${id}.`;
  if (own !== null && own < 300)
    return failed(
      about,
      `${late}, and one that we signed ourselves did: the signing secret is another.`,
      `${renew}${old}`,
    );
  if (own === 403)
    return failed(about, `${late}, and receive holds another secret than the one that is set here.`, renew);
  return failed(
    about,
    `${late}: the signing secret is another, or nothing answers there.`,
    `See that receive runs at ${url}. If it does: ${renew}${old}`,
  );
}
