import { DRILL_TITLE } from "@mrdata/incident";
import type { PagerDuty, RestIncident } from "@mrdata/pagerduty";
import type { Clock } from "@mrdata/platform";

export type DrillPorts = {
  readonly pagerduty: Pick<PagerDuty, "openIncident" | "getIncident" | "listLogEntries">;
  readonly clock: Clock;
};

export type DrillOptions = {
  readonly service: string;
  /** Tells one drill from another. */
  readonly key: string;
  /** PagerDuty id of the bot's user, and of other programs': to be assigned to one of them reaches nobody. */
  readonly bot: string | null;
  readonly automations: readonly string[];
  /** The hold window, milliseconds: a page may come so late, and a minute. */
  readonly window: number;
  readonly onOpened?: (incident: string) => void;
};

/** What a drill proved. Durations are seconds from the opening on. */
export type Drill = {
  readonly service: string;
  readonly incident: string;
  /** The bot had it first. */
  readonly throughBot: boolean;
  /** PagerDuty id of the first person who got it; null if nobody did. */
  readonly person: string | null;
  readonly assignedAfterSeconds: number | null;
  /** When PagerDuty told that person; null if it did not say so in time. */
  readonly notifiedAfterSeconds: number | null;
  /** Whether the bot passed it on, or PagerDuty's own escalation did; null while nobody has it. */
  readonly by: "bot" | "pagerduty" | null;
  readonly allowedSeconds: number;
  /** A person has it, was told, and in time. */
  readonly reached: boolean;
};

const LOOK = 2_000;
const GRACE = 60_000;

/**
 * Opens a test incident and looks until a person has it and was told of it, or until that should long have happened.
 * Leaves the incident to whom it reached: the bot never resolves anything. Throws PagerDutyError.
 */
export async function runDrill({ pagerduty, clock }: DrillPorts, options: DrillOptions): Promise<Drill> {
  const { service, key, bot, automations, window } = options;
  const allowed = window + GRACE;
  const isPerson = (user: string): boolean => user !== bot && !automations.includes(user);
  const opened = clock.now();
  const incident = await pagerduty.openIncident({ service, title: DRILL_TITLE, key });
  options.onOpened?.(incident);
  let throughBot = false;
  let last: RestIncident;
  let person: string | null = null;
  let assigned: number | null = null;
  let told: Told | null = null;
  for (;;) {
    last = await pagerduty.getIncident(incident);
    throughBot ||= bot !== null && last.assignees.includes(bot);
    person ??= last.assignees.find(isPerson) ?? null;
    if (person !== null) assigned ??= clock.now() - (last.createdAt ?? opened);
    if (person !== null) told = await toldPerson(pagerduty, incident, isPerson);
    if (told !== null || clock.now() - opened > allowed) break;
    await clock.sleep(LOOK);
  }
  const start = last.createdAt ?? opened;
  const log = await readLog(pagerduty, incident);
  throughBot ||= log.some(({ type, user }) => type === "notify" && user === bot);
  const seconds = (milliseconds: number | null) =>
    milliseconds === null ? null : Math.max(0, Math.round(milliseconds / 1000));
  const notified = told === null ? null : told.at - start;
  const byBot = log.some(({ type, agent }) => passesOn.has(type) && agent === bot && bot !== null);
  return {
    service,
    incident,
    throughBot,
    person: told?.user ?? person,
    assignedAfterSeconds: seconds(assigned),
    notifiedAfterSeconds: seconds(notified),
    by: person === null ? null : byBot ? "bot" : "pagerduty",
    allowedSeconds: allowed / 1000,
    reached: notified !== null && notified <= allowed,
  };
}

/** Log entries by which an incident comes to somebody else. */
const passesOn: ReadonlySet<string> = new Set(["escalate", "delegate"]);

type Told = { readonly user: string; readonly at: number };

async function readLog(pagerduty: DrillPorts["pagerduty"], incident: string) {
  const log = [];
  for await (const entry of pagerduty.listLogEntries(incident)) log.push(entry);
  return log;
}

/** The first person whom PagerDuty notified, by its log. */
async function toldPerson(
  pagerduty: DrillPorts["pagerduty"],
  incident: string,
  isPerson: (user: string) => boolean,
): Promise<Told | null> {
  const log = await readLog(pagerduty, incident);
  const first = log
    .filter(({ type }) => type === "notify")
    .flatMap(({ user, at }): readonly Told[] => (user !== null && isPerson(user) ? [{ user, at }] : []))
    .toSorted((a, b) => a.at - b.at)[0];
  return first ?? null;
}
