import type { Prediction } from "@mrdata/incident";
import type { RestIncident } from "@mrdata/pagerduty";
import { reasonNotToTakeBack, untoldUntil } from "@mrdata/responder";
import pMap from "p-map";
import { readEitherWay } from "../paging/read-either-way.ts";
import { takeBackAndRecord } from "../paging/take-back-and-record.ts";
import type { SweepContext } from "./context.ts";

/** So many are looked at in one sweep; more are held by no caps that anybody sets. */
const MAX_HOLDS = 100;
const CONCURRENCY = 8;
const OPEN = ["triggered", "acknowledged"] as const;
/** PagerDuty tells times to the second. */
const SECOND_MS = 1_000;

/**
 * Gives to people what a program took before any of them was told, and of which no webhook told, or which could not be given
 * to them then: PagerDuty's timer is stopped, and the list of what waits does not show it. Asks of each hold that nobody was paged
 * for and that the list does not show, and of what known programs have, until it is closed or a person's. Throws where one
 * could not be read or given: the next sweep tries again.
 */
export async function takeBackHeld(
  context: SweepContext,
  unsettled: readonly Prediction[],
  listed: ReadonlySet<string>,
): Promise<void> {
  const { sweeping, lookedAfter } = context;
  if (sweeping === null) return;
  const failures: unknown[] = [];
  const withPrograms = await heldByPrograms(context, sweeping).catch((error: unknown) => {
    failures.push(error);
    return [];
  });
  const candidates = new Map([...unsettled, ...withPrograms].map((one) => [one.incident, one]));
  for (const incident of lookedAfter) if (!candidates.has(incident)) lookedAfter.delete(incident);
  const unseen = [...candidates.values()].filter(
    (one) =>
      untoldUntil(one) !== null &&
      one.taken.action === "none" &&
      !listed.has(one.incident) &&
      !lookedAfter.has(one.incident),
  );
  await pMap(
    unseen.slice(0, MAX_HOLDS),
    async (hold) => {
      try {
        await takeBackOne(context, sweeping, hold);
      } catch (error) {
        failures.push(error);
      }
    },
    { concurrency: CONCURRENCY },
  );
  if (failures.length > 0) throw failures[0];
}

/** What was decided of the incidents that known programs have, and nobody beside them. */
async function heldByPrograms(
  { ledger, identity, lookedAfter }: SweepContext,
  { pagerduty, bot }: NonNullable<SweepContext["sweeping"]>,
): Promise<readonly Prediction[]> {
  const programs = identity.automationUsers ?? [];
  if (programs.length === 0) return [];
  const filter = { statuses: OPEN, userIds: programs, newestFirst: true };
  const found: string[] = [];
  for await (const incident of pagerduty.listIncidents(filter, { attempts: 1 })) {
    if (lookedAfter.has(incident.id)) continue;
    if (reasonNotToTakeBack(incident, [bot, ...programs]) === null) found.push(incident.id);
    if (found.length === MAX_HOLDS) break;
  }
  const stored = await pMap(found, (incident) => ledger.prediction(incident), { concurrency: CONCURRENCY });
  return stored.filter((one) => one !== null);
}

async function takeBackOne(
  { ledger, clock, log, pager, identity, lookedAfter }: SweepContext,
  { pagerduty, bot }: NonNullable<SweepContext["sweeping"]>,
  hold: Prediction,
): Promise<void> {
  const { incident, openedAt } = hold;
  const now = await readEitherWay(pagerduty, { incident, openedAt }, { attempts: 1 });
  // It waits on the bot, and that it is paged is another step's.
  if (now.status === "triggered" && now.assignees.every((user) => user === bot)) return;
  const programs = [bot, ...(identity.automationUsers ?? [])];
  if (reasonNotToTakeBack(now, programs) === null && wasStoppedBefore(untoldUntil(hold), now)) {
    const ports = { pagerduty, fallbackPolicy: pager.fallbackPolicy, clock, log };
    const why = "a program took it, and no webhook told of it in time";
    await takeBackAndRecord(ledger, { incident, openedAt, programs, bot, stored: hold, why }, ports);
  }
  lookedAfter.add(incident);
}

/** By PagerDuty's clock. After that PagerDuty has told people by itself; what it does not date may have been before. */
function wasStoppedBefore(
  until: number | null,
  { status, acknowledgedAt, assignedAt }: RestIncident,
): boolean {
  const stoppedAt = (status === "acknowledged" ? acknowledgedAt : null) ?? assignedAt;
  return until !== null && (stoppedAt === null || stoppedAt <= until + SECOND_MS);
}
