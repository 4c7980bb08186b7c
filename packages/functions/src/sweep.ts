import type { ActionTaken, Prediction } from "@mrdata/incident";
import type { Check, PagerDuty, RestIncident } from "@mrdata/pagerduty";
import {
  armedServices,
  type Clock,
  disarmAll,
  disarmService,
  type Ledger,
  type Log,
  type Settings,
} from "@mrdata/platform";
import { isLiveHold, isStorm } from "@mrdata/responder";
import { answer, type Handler } from "./answer.ts";
import { barePrediction } from "./bare-prediction.ts";
import { readBudget } from "./budget.ts";
import type { ArmedHealth } from "./checks/index.ts";
import { createHands, forEach, type HandsPorts } from "./hands.ts";
import { reasonOf } from "./pushed.ts";
import { readSettings, rulesFor } from "./rules-for.ts";
import { settleHolds } from "./settle.ts";

export { sweepManifest } from "./manifests/sweep.ts";

export type SweepPorts = {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Log;
  /** Null while no PagerDuty token is configured: then nothing can be swept. */
  readonly pager: (NonNullable<HandsPorts["pager"]> & Pick<PagerDuty, "listIncidents">) | null;
  /** The checks that have to hold while services are armed; null where they are not asked for. */
  readonly checks: ((settings: Settings) => Promise<ArmedHealth>) | null;
};

export type SweepOptions = {
  readonly bot: string | null;
  /** The hold window, milliseconds. */
  readonly window: number;
  /** Where the settings name none. */
  readonly fallbackPolicy: string | null;
};

/** What `respond` may still be deciding is left to it for so long after the opening, milliseconds. */
const LEFT_TO_RESPOND = 5_000;
/**
 * When the sweep looks a second time, milliseconds after it began: what opens just behind the first look would else
 * wait for the next minute's, and be paged after more than a minute.
 */
const SECOND_LOOK = 10_000;
/** How far back incidents may have opened: PagerDuty looks back six months at most. */
const LOOK_BACK = 170 * 86_400_000;
const MINUTE = 60_000;
/** What is assigned to the bot so long after it opened was somewhere else before: it opens with the assignment. */
const ASSIGNED_AT_ONCE = 15_000;
/** How often the checks run. */
const CHECK_MINUTES = 15;
/** Who disarmed, where the bot did so itself. */
export const BY_ITSELF = "Mr Data";

/** True if a person or a policy that repeats gave it back: one hold per incident, also where no webhook told of it. */
const cameBack = ({ createdAt, assignedAt }: RestIncident): boolean =>
  createdAt !== null && assignedAt !== null && assignedAt - createdAt > ASSIGNED_AT_ONCE;

/**
 * What waits on the bot without a live hold is paged, whether or not a webhook told of it; what must no longer be held
 * is released; holds that ended are settled, and the miss budget with them. Each minute.
 */
export function createSweep(ports: SweepPorts, { bot, window, fallbackPolicy }: SweepOptions): Handler {
  const { ledger, clock, log, pager, checks } = ports;
  const hands = createHands({ ledger, clock, log, pager }, { bot, fallbackPolicy });
  let checkedAt: number | null = null;

  /** Triggered incidents whose sole assignee is the bot: those that could be read, and what went wrong with others. */
  async function waiting(
    list: PagerDuty["listIncidents"],
    user: string,
  ): Promise<{ readonly found: readonly RestIncident[]; readonly failed: readonly unknown[] }> {
    const found: RestIncident[] = [];
    const filter = { statuses: ["triggered"], userIds: [user], since: clock.now() - LOOK_BACK };
    try {
      for await (const one of list(filter))
        if (one.status === "triggered" && one.assignees.length === 1 && one.assignees[0] === user)
          found.push(one);
    } catch (error) {
      return { found, failed: [error] };
    }
    return { found, failed: [] };
  }

  /** Null where the ledger fails: then no hold is known, and everything is paged. */
  async function storedOf(incident: string): Promise<Prediction | null | undefined> {
    try {
      return await ledger.prediction(incident);
    } catch (error) {
      log({ severity: "ERROR", event: "hold.unreadable", incident, reason: reasonOf(error) });
      return undefined;
    }
  }

  /** Pages one incident unless a live hold keeps it. True if it was paged. */
  async function sweepOne(one: RestIncident, settings: Settings | null, storm: boolean): Promise<boolean> {
    const { id: incident, serviceId, createdAt, title, urgency } = one;
    const back = cameBack(one);
    const stored = await storedOf(incident);
    const service = stored?.service ?? serviceId ?? "";
    const rules = settings === null ? null : rulesFor(settings, service);
    if (isLiveHold(stored ?? null, rules, clock.now()) && !storm && !back && urgency === "high") return false;
    const why = storm
      ? "A storm."
      : back
        ? "It came back to the bot."
        : "It waited on the bot without a live hold.";
    let taken: ActionTaken | null = null;
    try {
      taken = await hands.pageIfWaiting(incident, null);
    } finally {
      if (stored != null && stored.holdUntil !== null && stored.ended === undefined)
        await ledger.endHold(incident, { at: Math.min(clock.now(), stored.holdUntil), why });
    }
    const byHand = taken.action === "none" && one.assignedVia !== "escalation_policy";
    if (taken.action === "none" && !byHand) return false;
    const bare = barePrediction({
      incident,
      service,
      title,
      openedAt: createdAt ?? clock.now(),
      mode: rules?.mode ?? "shadow",
      window,
      decidedBy: "sweep",
      sentence: byHand ? "A person assigned it to the bot." : why,
      taken,
    });
    if (byHand) {
      // A note is an action too, and none is without a decision.
      if (stored == null) await ledger.createPrediction(bare);
      await hands.tellAssigned(incident);
      return false;
    }
    log({ severity: "WARNING", event: "sweep.paged", incident, service });
    if (stored == null && (await ledger.createPrediction(bare))) {
      await hands.annotate(bare);
      return true;
    }
    // It may have been stored as held since it was looked at.
    await ledger.endHold(incident, { at: taken.at, why });
    await ledger.noteAction(incident, taken);
    return true;
  }

  /** A storm that began with nobody asking: by the incidents of the last minutes. */
  async function stormNow(settings: Settings): Promise<boolean> {
    const now = clock.now();
    const [opened, organisation] = await Promise.all([
      ledger.openedWithin(now, settings.storm.seconds * 1000),
      ledger.organisationCounts(now),
    ]);
    return isStorm(opened, organisation, settings.storm);
  }

  /** Everything that was held by these services is paged; answers with how many incidents. */
  const releaseOf = (settings: Settings, services: readonly string[], why: string): Promise<number> =>
    hands.releaseLive(settings, ({ service }) => services.includes(service), why);

  /** Where the evidence says that the miss rate is above the budget the bot disarms itself, and stays off until a person arms it. */
  async function keepBudget(settings: Settings): Promise<void> {
    const armed = armedServices(settings);
    if (armed.length === 0) return;
    const now = clock.now();
    const spent = await readBudget(ledger, settings, now);
    if (spent.exceeded === null) return;
    const why = `the miss budget is spent: ${spent.exceeded.replace(/\.$/, "")}`;
    await ledger.changeSettings((before) => disarmAll(before, { who: BY_ITSELF, at: now, why }));
    log({ severity: "CRITICAL", event: "budget.spent", ...spent, services: armed });
    await releaseOf(settings, armed, "The bot disarmed itself: the miss budget is spent.");
  }

  const checksAreDue = (now: number): boolean =>
    checkedAt === null
      ? Math.floor(now / MINUTE) % CHECK_MINUTES === 0
      : now - checkedAt >= CHECK_MINUTES * MINUTE - MINUTE / 2;

  /** A needed check that fails disarms the services that it concerns; one that could not be made disarms nobody. */
  async function keepChecks(settings: Settings): Promise<void> {
    const armed = armedServices(settings);
    const now = clock.now();
    if (checks === null || armed.length === 0 || !checksAreDue(now)) return;
    checkedAt = now;
    const health = await checks(settings);
    for (const { name, subject, sentence } of health.unknown)
      log({ severity: "WARNING", event: "check.unknown", check: name, subject, sentence });
    const failing = [...health.failing].flatMap(([service, [check]]) =>
      check === undefined ? [] : [{ service, check }],
    );
    if (failing.length === 0) return;
    const sentenceOf = ({ name, sentence }: Check) =>
      `the check ${name} failed. ${sentence.replace(/\.$/, "")}`;
    await ledger.changeSettings((before) =>
      failing.reduce(
        (so, { service, check }) =>
          disarmService(so, service, { who: BY_ITSELF, at: now, why: sentenceOf(check) }),
        before,
      ),
    );
    for (const { service, check } of failing) {
      const { name, sentence, fix } = check;
      log({ severity: "CRITICAL", event: "check.failed", service, check: name, sentence, fix });
    }
    await releaseOf(
      settings,
      failing.map(({ service }) => service),
      "A check that is needed failed, and the service was disarmed.",
    );
  }

  return async function sweep() {
    const failed: unknown[] = [];
    const attempt = async <T>(work: () => Promise<T>): Promise<T | null> => {
      try {
        return await work();
      } catch (error) {
        failed.push(error);
        return null;
      }
    };
    const started = clock.now();
    const settings = await readSettings(ledger, log);
    let paged = 0;
    /** Pages what waits without a live hold; answers with how many incidents wait. */
    const look = async (
      by: PagerDuty["listIncidents"],
      user: string,
      rules: Settings | null,
    ): Promise<number> => {
      const storm = rules !== null && ((await attempt(() => stormNow(rules))) ?? true);
      const { found: all, failed: unread } = await waiting(by, user);
      failed.push(...unread);
      const now = clock.now();
      const leftFor = ({ createdAt }: RestIncident) =>
        Math.min(LEFT_TO_RESPOND, (createdAt ?? 0) + LEFT_TO_RESPOND - now);
      const work = async (one: RestIncident) => {
        if (await sweepOne(one, rules, storm)) paged++;
      };
      const young = all.filter((one) => leftFor(one) > 0);
      failed.push(
        ...(await forEach(
          all.filter((one) => !young.includes(one)),
          work,
        )),
      );
      if (young.length > 0) await clock.sleep(Math.max(...young.map(leftFor)));
      failed.push(...(await forEach(young, work)));
      return all.length;
    };
    if ((pager === null || bot === null) && settings !== null && armedServices(settings).length > 0)
      failed.push(
        new Error(
          `services are armed and ${pager === null ? "no PagerDuty key" : "no user of the bot's"} is configured: nothing can be paged`,
        ),
      );
    const found = pager === null || bot === null ? 0 : await look(pager.listIncidents, bot, settings);
    await attempt(async () =>
      settleHolds(await ledger.unsettledHolds(), { ledger, log }, { now: clock.now(), settings }),
    );
    if (settings !== null) {
      await attempt(() => keepBudget(settings));
      await attempt(() => keepChecks(settings));
    }
    if (pager !== null && bot !== null) {
      const wait = started + SECOND_LOOK - clock.now();
      if (wait > 0) await clock.sleep(wait);
      await look(pager.listIncidents, bot, await readSettings(ledger, log));
    }
    if (failed.length > 0) {
      const reasons = failed.map(reasonOf);
      log({
        severity: "ERROR",
        event: "sweep.failed",
        waiting: found,
        paged,
        failed: reasons.length,
        reason: reasons[0],
      });
      return answer(503, { error: reasons[0] ?? "unknown", failed: reasons.length });
    }
    const report = { waiting: found, paged, configured: pager !== null && bot !== null };
    log({ severity: "INFO", event: "sweep.done", ...report });
    return answer(200, report);
  };
}
