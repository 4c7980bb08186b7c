import type { Prediction } from "@mrdata/incident";
import type { RestIncident } from "@mrdata/pagerduty";
import { reasonNotToTakeBack, unnotifiedUntil } from "@mrdata/responder";
import pMap from "p-map";
import { readEitherWay } from "../paging/read-either-way.ts";
import { takeBackAndRecord } from "../paging/take-back-and-record.ts";
import type { SweepContext } from "./context.ts";
import { takeBackReopened } from "./take-back-reopened.ts";
import { takeBackUndecided } from "./take-back-undecided.ts";
import { wasStoppedBefore } from "./was-stopped-before.ts";

/** Maximum number examined in one sweep; no realistic caps allow more holds. */
const MAX_HOLDS = 100;
const CONCURRENCY = 8;
const OPEN = ["triggered", "acknowledged"] as const;

/**
 * Gives people the incidents that a program took before anybody was notified, where no webhook reported it or they
 * could not be given to people then: PagerDuty's timer is stopped, and the list of waiting incidents does not show
 * them. Examines each hold that nobody was paged for and that the list does not show, and the incidents that known
 * programs have, decided on or not, until they are closed or a person's; an incident whose people were notified may
 * have been reopened since. Throws where one could not be read or given; the next sweep retries.
 */
export async function takeBackHeld(
  context: SweepContext,
  unsettled: readonly Prediction[],
  listed: ReadonlySet<string>,
): Promise<void> {
  const { sweeping, handledIncidents } = context;
  if (sweeping === null) return;
  const failures: unknown[] = [];
  const withPrograms = await heldByPrograms(context, sweeping).catch((error: unknown) => {
    failures.push(error);
    return nothing;
  });
  const candidates = new Map([...unsettled, ...withPrograms.decided].map((one) => [one.incident, one]));
  for (const incident of handledIncidents)
    if (!candidates.has(incident) && !withPrograms.known.has(incident)) handledIncidents.delete(incident);
  const unseen = [...candidates.values()].filter(
    (one) =>
      unnotifiedUntil(one) !== null &&
      one.taken.action === "none" &&
      !listed.has(one.incident) &&
      !handledIncidents.has(one.incident),
  );
  const each = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      failures.push(error);
    }
  };
  const undecided = withPrograms.undecided.map((incident) => async () => {
    if ((await takeBackUndecided(context, sweeping, incident)) === "done") handledIncidents.add(incident.id);
  });
  const told = withPrograms.told.map((incident) => async () => {
    if ((await takeBackReopened(context, sweeping, incident)) === "done") handledIncidents.add(incident.id);
  });
  const held = unseen.slice(0, MAX_HOLDS).map((hold) => () => takeBackOne(context, sweeping, hold));
  await pMap([...held, ...undecided, ...told], each, { concurrency: CONCURRENCY });
  if (failures.length > 0) throw failures[0];
}

/**
 * Incidents assigned only to known programs: the decisions on them, those without a decision, those whose people were
 * notified, and all ids.
 */
type WithPrograms = {
  readonly decided: readonly Prediction[];
  readonly undecided: readonly RestIncident[];
  readonly told: readonly RestIncident[];
  readonly known: ReadonlySet<string>;
};
const nothing: WithPrograms = { decided: [], undecided: [], told: [], known: new Set() };

async function heldByPrograms(
  { ledger, identity, handledIncidents }: SweepContext,
  { pagerduty, bot }: NonNullable<SweepContext["sweeping"]>,
): Promise<WithPrograms> {
  const programs = identity.automationUsers ?? [];
  if (programs.length === 0) return nothing;
  const filter = { statuses: OPEN, userIds: programs, newestFirst: true };
  const found: RestIncident[] = [];
  const known = new Set<string>();
  for await (const incident of pagerduty.listIncidents(filter, { attempts: 1 })) {
    known.add(incident.id);
    if (handledIncidents.has(incident.id)) continue;
    if (reasonNotToTakeBack(incident, [bot, ...programs]) === null) found.push(incident);
    if (found.length === MAX_HOLDS) break;
  }
  const read = await pMap(
    found,
    async (incident) => ({ incident, stored: await ledger.prediction(incident.id) }),
    { concurrency: CONCURRENCY },
  );
  return {
    decided: read.flatMap(({ stored }) => stored ?? []),
    undecided: read.flatMap(({ incident, stored }) => (stored === null ? [incident] : [])),
    told: read.flatMap(({ incident, stored }) =>
      stored === null || stored.taken.action === "none" ? [] : [incident],
    ),
    known,
  };
}

async function takeBackOne(
  { ledger, clock, log, pager, identity, handledIncidents }: SweepContext,
  { pagerduty, bot }: NonNullable<SweepContext["sweeping"]>,
  hold: Prediction,
): Promise<void> {
  const { incident, openedAt } = hold;
  const now = await readEitherWay(pagerduty, { incident, openedAt }, { attempts: 1 });
  // It waits on the bot; paging it is another step's job.
  if (now.status === "triggered" && now.assignees.every((user) => user === bot)) return;
  const programs = [bot, ...(identity.automationUsers ?? [])];
  const until = unnotifiedUntil(hold);
  if (until !== null && reasonNotToTakeBack(now, programs) === null && wasStoppedBefore(until, now)) {
    const ports = { pagerduty, fallbackPolicy: pager.fallbackPolicy, clock, log };
    const why = "a program took it, and no webhook reported it in time";
    await takeBackAndRecord(ledger, { incident, openedAt, programs, stored: hold, why }, ports);
  }
  handledIncidents.add(incident);
}
