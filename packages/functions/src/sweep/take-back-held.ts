import type { Prediction } from "@mrdata/incident";
import type { RestIncident } from "@mrdata/pagerduty";
import { reasonNotToTakeBack } from "@mrdata/responder";
import pMap from "p-map";
import { readEitherWay } from "../paging/read-either-way.ts";
import { takeBackAndRecord } from "../paging/take-back-and-record.ts";
import type { SweepContext } from "./context.ts";

/** So many are looked at in one sweep; more are held by no caps that anybody sets. */
const MAX_HOLDS = 100;
const CONCURRENCY = 8;
/** PagerDuty tells times to the second. */
const SECOND_MS = 1_000;

/**
 * Gives to people what a program took while it was held and of which no webhook told, or which could not be given to them then:
 * PagerDuty's timer is stopped, and the list of what waits does not show it. Asks of each hold that nobody was paged for and
 * that the list does not show, until it is closed or a person's. Throws where one could not be read or given: the next sweep
 * tries again.
 */
export async function takeBackHeld(
  context: SweepContext,
  unsettled: readonly Prediction[],
  listed: ReadonlySet<string>,
): Promise<void> {
  const { sweeping, clock, lookedAfter } = context;
  if (sweeping === null) return;
  for (const incident of lookedAfter)
    if (!unsettled.some((hold) => hold.incident === incident)) lookedAfter.delete(incident);
  const unseen = unsettled.filter(
    ({ incident, mode, taken, openedAt }) =>
      mode === "armed" &&
      taken.action === "none" &&
      !listed.has(incident) &&
      !lookedAfter.has(incident) &&
      openedAt <= clock.now(),
  );
  const failures: unknown[] = [];
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
  if (reasonNotToTakeBack(now, programs) === null && wasStoppedInHold(now, hold)) {
    const ports = { pagerduty, fallbackPolicy: pager.fallbackPolicy, clock, log };
    const why = "a program took it, and no webhook told of it in time";
    await takeBackAndRecord(ledger, { incident, openedAt, programs, bot, stored: hold, why }, ports);
  }
  lookedAfter.add(incident);
}

/** By PagerDuty's clock. After the hold's end PagerDuty has told people by itself; what it does not date may be in it. */
function wasStoppedInHold(
  { status, acknowledgedAt, assignedAt }: RestIncident,
  { holdUntil }: Prediction,
): boolean {
  const stoppedAt = (status === "acknowledged" ? acknowledgedAt : null) ?? assignedAt;
  return stoppedAt === null || holdUntil === null || stoppedAt <= holdUntil + SECOND_MS;
}
