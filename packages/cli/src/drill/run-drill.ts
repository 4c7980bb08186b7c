import { DRILL_TITLE } from "@mrdata/incident";
import type { PagerDuty, RestIncident } from "@mrdata/pagerduty";
import type { Clock } from "@mrdata/platform";

export type DrillPorts = {
  readonly pagerduty: Pick<PagerDuty, "openIncident" | "getIncident" | "listLogEntries">;
  readonly clock: Clock;
};

export type DrillOptions = {
  readonly service: string;
  /** The incident key, which distinguishes drills. */
  readonly key: string;
  /** PagerDuty ids of the bot's user and of other programs: an assignment to one of them reaches nobody. */
  readonly bot: string | null;
  readonly automations: readonly string[];
  /** The hold window, milliseconds: a page may take that long plus a minute. */
  readonly windowMs: number;
  readonly onOpened?: (incident: string) => void;
};

/** The result of a drill. Durations are seconds since the incident opened. */
export type Drill = {
  readonly service: string;
  readonly incident: string;
  /** The bot was the first assignee. */
  readonly throughBot: boolean;
  /** PagerDuty id of the first person assigned; null if nobody was. */
  readonly person: string | null;
  readonly assignedAfterSeconds: number | null;
  /** When PagerDuty notified that person; null if it did not in time. */
  readonly notifiedAfterSeconds: number | null;
  /** Whether the bot or PagerDuty's own escalation passed it on; null while no person has it. */
  readonly by: "bot" | "pagerduty" | null;
  readonly allowedSeconds: number;
  /** A person was assigned and notified in time. */
  readonly reached: boolean;
};

const POLL_INTERVAL_MS = 2_000;
const GRACE_MS = 60_000;

/**
 * Opens a test incident and polls until a person was assigned and notified, or the allowed time has passed. Leaves the incident open
 * for that person: the bot never resolves anything. Throws PagerDutyError.
 */
export async function runDrill({ pagerduty, clock }: DrillPorts, options: DrillOptions): Promise<Drill> {
  const { service, key, bot, automations, windowMs } = options;
  const allowedMs = windowMs + GRACE_MS;
  const isPerson = (user: string): boolean => user !== bot && !automations.includes(user);
  const opened = clock.now();
  const incident = await pagerduty.openIncident({ service, title: DRILL_TITLE, key });
  options.onOpened?.(incident);
  let throughBot = false;
  let last: RestIncident;
  let person: string | null = null;
  let assigned: number | null = null;
  let notification: FirstNotification | null = null;
  for (;;) {
    last = await pagerduty.getIncident(incident);
    throughBot ||= bot !== null && last.assignees.includes(bot);
    person ??= last.assignees.find(isPerson) ?? null;
    if (person !== null) assigned ??= clock.now() - (last.createdAt ?? opened);
    if (person !== null) notification = await firstNotification(pagerduty, incident, isPerson);
    if (notification !== null || clock.now() - opened > allowedMs) break;
    await clock.sleep(POLL_INTERVAL_MS);
  }
  const start = last.createdAt ?? opened;
  const log = await readLog(pagerduty, incident);
  throughBot ||= log.some(({ type, user }) => type === "notify" && user === bot);
  const seconds = (milliseconds: number | null) =>
    milliseconds === null ? null : Math.max(0, Math.round(milliseconds / 1000));
  const notified = notification === null ? null : notification.at - start;
  const byBot = log.some(({ type, agent }) => handOverTypes.has(type) && agent === bot && bot !== null);
  return {
    service,
    incident,
    throughBot,
    person: notification?.user ?? person,
    assignedAfterSeconds: seconds(assigned),
    notifiedAfterSeconds: seconds(notified),
    by: person === null ? null : byBot ? "bot" : "pagerduty",
    allowedSeconds: allowedMs / 1000,
    reached: notified !== null && notified <= allowedMs,
  };
}

/** Log entries that hand an incident to somebody else. */
const handOverTypes: ReadonlySet<string> = new Set(["escalate", "delegate"]);

type FirstNotification = { readonly user: string; readonly at: number };

async function readLog(pagerduty: DrillPorts["pagerduty"], incident: string) {
  const log = [];
  for await (const entry of pagerduty.listLogEntries(incident)) log.push(entry);
  return log;
}

/** The first person whom PagerDuty notified, from its log. */
async function firstNotification(
  pagerduty: DrillPorts["pagerduty"],
  incident: string,
  isPerson: (user: string) => boolean,
): Promise<FirstNotification | null> {
  const log = await readLog(pagerduty, incident);
  const first = log
    .filter(({ type }) => type === "notify")
    .flatMap(({ user, at }): readonly FirstNotification[] =>
      user !== null && isPerson(user) ? [{ user, at }] : [],
    )
    .toSorted((a, b) => a.at - b.at)[0];
  return first ?? null;
}
