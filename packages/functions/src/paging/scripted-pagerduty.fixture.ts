import {
  type IncidentFilter,
  type IncidentMove,
  PagerDutyError,
  type RestIncident,
  type RestLogEntry,
  type RestOnCall,
} from "@mrdata/pagerduty";
import type { Clock } from "@mrdata/platform";

export const BOT = "PBOT";
export const FALLBACK = "PFALLBACK";
export const START = Date.parse("2026-03-02T03:00:00Z");

/** A clock whose sleeps return immediately and advance the time. */
export function jumpingClock(): Clock {
  let now = START;
  return {
    now: () => now,
    async sleep(milliseconds, signal) {
      // Lets other pending work run first, so that a deadline loses against what is under way.
      for (let turn = 0; turn < 5; turn++) await new Promise((turned) => setImmediate(turned));
      if (signal?.aborted) throw signal.reason;
      now += milliseconds;
    },
  };
}

export const waiting = (id: string, change: Partial<RestIncident> = {}): RestIncident => ({
  id,
  title: "Disk full",
  status: "triggered",
  urgency: "high",
  createdAt: START,
  statusChangedAt: START,
  serviceId: "PSERVICE",
  escalationPolicyId: "PARMED",
  assignees: [BOT],
  assignedVia: "escalation_policy",
  assignedAt: START,
  acknowledgedBy: [],
  acknowledgedAt: null,
  ...change,
});

export const refusal = (status: number, code: number | null = null): PagerDutyError =>
  new PagerDutyError("PUT /incidents", status, code, []);

/** What a scripted PagerDuty does with a move: leaves the incident with the bot, gives it to a person, or throws. */
export type OnMove = (
  id: string,
  to: IncidentMove,
  endpoint: "one" | "many",
) => RestIncident | PagerDutyError;

/**
 * PagerDuty as a list of incidents and a rule for moves; it records the requests it receives. A bulk call with a
 * refusal is refused whole, with the first of its errors.
 */
export function scriptedPagerDuty(incidents: readonly RestIncident[], onMove: OnMove) {
  const now = new Map(incidents.map((one) => [one.id, one]));
  const calls: string[] = [];
  const move = (id: string, to: IncidentMove, endpoint: "one" | "many"): RestIncident => {
    const moved = onMove(id, to, endpoint);
    if (moved instanceof PagerDutyError) throw moved;
    now.set(id, moved);
    return moved;
  };
  return {
    calls,
    now,
    log: new Map<string, readonly RestLogEntry[]>(),
    callsLeft: (): number | null => null,
    async getIncident(id: string): Promise<RestIncident> {
      calls.push(`GET ${id}`);
      const found = now.get(id);
      if (found === undefined) throw refusal(404, 2100);
      return found;
    },
    async *listIncidents({
      statuses = [],
      userIds = [],
      newestFirst = false,
      between,
    }: IncidentFilter = {}): AsyncGenerator<RestIncident> {
      const listed = [...now.values()].filter(
        ({ status, assignees, createdAt }) =>
          (between === undefined ||
            createdAt === null ||
            (createdAt >= between.since && createdAt < between.until)) &&
          (statuses.length === 0 || statuses.includes(status)) &&
          (userIds.length === 0 || assignees.some((id) => userIds.includes(id))),
      );
      for (const [place, one] of (newestFirst ? listed.toReversed() : listed).entries()) {
        if (place % 100 === 0) calls.push("LIST");
        yield one;
      }
      if (listed.length === 0) calls.push("LIST");
    },
    async *listLogEntries(id: string): AsyncGenerator<RestLogEntry> {
      calls.push(`LOG ${id}`);
      yield* this.log.get(id) ?? [];
    },
    /** Who is on call on the levels, from 1, of policies; those that are not set have a person on each. */
    onCall: new Map<string, readonly string[]>(),
    async *listOnCalls({
      policyIds = [],
    }: {
      readonly policyIds?: readonly string[];
    }): AsyncGenerator<RestOnCall> {
      for (const policy of policyIds) {
        calls.push(`ON CALL ${policy}`);
        const users = this.onCall.get(policy) ?? ["PROBIN", "PALEX", "PSAM"];
        for (const [place, user] of users.entries())
          yield { user, policy, level: place + 1, schedule: null, start: null, end: null };
      }
    },
    async getEscalationPolicy(id: string) {
      calls.push(`POLICY ${id}`);
      const level = (...targets: string[]) => ({
        timeout: 300_000,
        targets,
        users: targets,
        schedules: [],
      });
      return {
        id,
        name: id,
        repeats: 0,
        levels: [level(BOT), level("PROBIN"), level("PALEX")],
        services: [],
      };
    },
    async moveIncident(id: string, to: IncidentMove): Promise<RestIncident | null> {
      calls.push(`PUT ${id} ${to.kind} ${to.kind === "level" ? to.level : to.policy}`);
      return move(id, to, "one");
    },
    async moveIncidents(moves: readonly { readonly id: string; readonly to: IncidentMove }[]) {
      calls.push(`PUT ${moves.length} incidents`);
      for (const { id, to } of moves) {
        const tried = onMove(id, to, "many");
        if (tried instanceof PagerDutyError) throw tried;
      }
      return moves.map(({ id, to }) => move(id, to, "many"));
    },
  };
}

export const toPerson = (id: string): RestIncident => waiting(id, { assignees: ["PROBIN"] });
