import type { Prediction } from "@mrdata/incident";
import { armedServices, type Settings } from "@mrdata/platform";
import { answer, type Handler, type HandlerResponse, reasonOf } from "@mrdata/runtime";
import { readSettings } from "../rules-for.ts";
import { withinMs } from "../within.ts";
import { createSweepContext, type SweepContext, type SweepOptions, type SweepPorts } from "./context.ts";
import { logEndedEvidence } from "./ended-evidence.ts";
import { enforceBudget } from "./enforce-budget.ts";
import { enforceChecks, releaseUnreliable } from "./enforce-checks.ts";
import { type PageWaitingOptions, pageWaiting } from "./page-waiting.ts";
import { readNotesAfterOutage } from "./read-notes-after-outage.ts";
import { readUnreportedNotes } from "./read-unreported-notes.ts";
import { readWaitingNotes } from "./read-waiting-notes.ts";
import { sendTestAlarm } from "./send-test-alarm.ts";
import { settleHolds } from "./settle-holds.ts";
import { takeBackHeld } from "./take-back-held.ts";

export { BY_ITSELF } from "./by-itself.ts";
export type { SweepOptions, SweepPorts } from "./context.ts";
export { sweepManifest } from "./manifest.ts";

/**
 * When the sweep polls a second time after it began: an incident that opens just after the first poll would otherwise
 * wait for the next minute's, and be paged after more than a minute.
 */
const SECOND_POLL_MS = 10_000;
/** While incidents open, polling goes on for this long: the next sweep is then soon enough for later ones. */
const LAST_POLL_MS = 40_000;
/** Everything besides paging must end within the minute: a slow ledger must not delay the next sweep. */
const MAX_BOOKKEEPING_MS = 30_000;
/** Settings that do not arrive within this time hold nothing. */
const MAX_SETTINGS_WAIT_MS = 5_000;

/**
 * Runs each minute. Pages what waits on the bot without a live hold, whether or not a webhook reported it; releases
 * what must no longer be held; settles holds that ended, and the miss budget with them. A step that fails is reported,
 * and the others go on.
 */
export function createSweep(ports: SweepPorts, options: SweepOptions): Handler {
  const context = createSweepContext(ports, options);
  return () => sweep(context);
}

async function sweep(context: SweepContext): Promise<HandlerResponse> {
  const { clock } = context;
  const startedAt = clock.now();
  const failures: unknown[] = [];
  const step = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      failures.push(error);
    }
  };
  const page = async (settings: Settings | null, options: PageWaitingOptions) => {
    const result = await pageWaiting(context, settings, options);
    failures.push(...result.failures);
    return result;
  };

  const settings = await settingsInTime(context);
  await step(async () => assertCanPage(context, settings));
  const first = await page(settings, { pollUntil: null });
  // Pages, pending or imminent, go before routine work.
  const isBusy = first.waiting > first.kept.length || !context.pager.hasSpareCalls();
  const unsettled = unsettledInTime(context);
  const keepBooks = async (): Promise<void> => {
    await step(() => context.unrecorded.write());
    await step(() => sendTestAlarm(context));
    await step(() => readNotesAfterOutage(context));
    await step(async () => settleHolds(await unsettled, context, { now: clock.now(), settings }));
    if (settings === null) return;
    await step(() => logEndedEvidence(context, settings));
    await step(() => enforceBudget(context, settings));
    await step(() => enforceChecks(context, settings, isBusy));
    await step(() => releaseUnreliable(context, settings));
  };
  const lookAgain = async () => {
    // Also where pages fail: a command on one incident must not wait for another, whose page has had its time.
    await step(() => readWaitingNotes(context, [...first.unpaged, ...first.kept]));
    await step(() => readUnreportedNotes(context));
    await sleepUntil(context, startedAt + SECOND_POLL_MS);
    const second = await page(await settingsInTime(context), { pollUntil: startedAt + LAST_POLL_MS });
    await step(() => readUnreportedNotes(context));
    return second;
  };
  const listed = new Set([...first.kept, ...first.unpaged].map(({ id }) => id));
  const [second] = await Promise.all([
    lookAgain(),
    step(async () => takeBackHeld(context, await unsettled, listed)),
    step(() => withinMs(clock, MAX_BOOKKEEPING_MS, "settling holds and checking", keepBooks)),
  ]);
  return report(context, { waiting: first.waiting, paged: first.paged + second.paged }, failures);
}

/** Read once for all steps; each waits for it as long as it may. */
function unsettledInTime({ ledger }: SweepContext): Promise<readonly Prediction[]> {
  const read = ledger.unsettledHolds();
  read.catch(() => {});
  return read;
}

async function settingsInTime({ ledger, clock, log }: SweepContext): Promise<Settings | null> {
  try {
    return await withinMs(clock, MAX_SETTINGS_WAIT_MS, "reading the settings", () =>
      readSettings(ledger, log),
    );
  } catch (error) {
    log({ severity: "ERROR", event: "settings.unreadable", reason: reasonOf(error) });
    return null;
  }
}

/** Throws where services are armed and nothing could be paged. */
function assertCanPage({ sweeping, notes }: SweepContext, settings: Settings | null): void {
  if (sweeping !== null || settings === null || armedServices(settings).length === 0) return;
  const missing = notes === null ? "no PagerDuty key" : "no user of the bot's";
  throw new Error(`services are armed and ${missing} is configured: nothing can be paged`);
}

async function sleepUntil({ clock, sweeping }: SweepContext, at: number): Promise<void> {
  const wait = at - clock.now();
  if (sweeping !== null && wait > 0) await clock.sleep(wait);
}

function report(
  { log, sweeping }: SweepContext,
  counts: { readonly waiting: number; readonly paged: number },
  failures: readonly unknown[],
): HandlerResponse {
  const [reason] = failures.map(reasonOf);
  if (reason === undefined) {
    const done = { ...counts, configured: sweeping !== null };
    log({ severity: "INFO", event: "sweep.done", ...done });
    return answer(200, done);
  }
  log({ severity: "ERROR", event: "sweep.failed", ...counts, failed: failures.length, reason });
  return answer(503, { error: reason, failed: failures.length });
}
