import type { ActionTaken, IncidentEvent, Prediction } from "@mrdata/incident";
import type { Settings } from "@mrdata/platform";
import { isLiveHold, mayStopTimer, programStoppedTimer } from "@mrdata/responder";
import { barePrediction } from "../paging/bare-prediction.ts";
import { pageAndRecord, pageIfThisFails } from "../paging/page-and-record.ts";
import { readEitherWay } from "../paging/read-either-way.ts";
import { releaseLiveHolds } from "../paging/release-holds.ts";
import { takeBackFromProgram } from "../paging/take-back.ts";
import { takeBackAndRecord } from "../paging/take-back-and-record.ts";
import { readSettings, readSettingsOrFail, rulesFor } from "../rules-for.ts";
import { withinMs } from "../within.ts";
import type { RespondContext } from "./context.ts";
import { callsForPeople, keepsHold } from "./event-kinds.ts";

type Known = { readonly stored: Prediction | null; readonly settings: Settings | null };

/**
 * Handles an event between opening and closing: an incident that it leaves waiting without a live hold is paged, a
 * person's command is obeyed, and an event that shows a person is needed releases the holds beside it.
 */
export async function onChange(context: RespondContext, event: IncidentEvent): Promise<void> {
  const known = await pageIfThisFails(context, event, () => readKnown(context, event)).catch(
    async (error: unknown) => {
      await takeBackUnknown(context, event);
      throw error;
    },
  );
  const { stored, settings } = known;
  const rules = stored === null || settings === null ? null : rulesFor(settings, stored.service);
  const isKept = keepsHold(event) && isLiveHold(stored, rules, context.clock.now());
  if (programStoppedTimer(event, stored)) return takeBack(context, event, stored);
  // Concurrently: the page waits for nothing, and a person's command is obeyed even where nobody can be paged.
  const tried = await Promise.allSettled([
    isKept ? null : pageLate(context, event, known),
    context.handleNoteCommand(event, stored),
  ]);
  if (callsForPeople(event, stored)) await releaseSiblings(context, event, known);
  for (const one of tried) if (one.status === "rejected") throw one.reason;
}

/**
 * A program acknowledged or took a held incident, which stopped PagerDuty's timer before anybody was notified: the
 * incident goes to people. The only case in which an incident is moved although it may no longer be triggered.
 */
async function takeBack(
  context: RespondContext,
  event: IncidentEvent,
  stored: Prediction | null,
): Promise<void> {
  const [what, ports] = whatWasTaken(context, event, stored?.openedAt ?? null);
  const why = `${event.type} by ${event.actor}`;
  await takeBackAndRecord(context.ledger, { ...what, stored, why }, ports);
}

/**
 * The same where the ledger cannot say whether the incident was held: if a program stopped the timer within the window,
 * and the incident's policy has the bot on level 1, perhaps nobody else was notified.
 */
async function takeBackUnknown(context: RespondContext, event: IncidentEvent): Promise<void> {
  const { pagerduty, bot, windowMs } = context;
  if (pagerduty === null || bot === null || !mayStopTimer(event)) return;
  const openedAt = event.snapshot?.createdAt ?? null;
  const now = await readEitherWay(pagerduty, { incident: event.incident, openedAt }, { attempts: 1 });
  const from = now.createdAt ?? openedAt;
  if (now.escalationPolicyId === null || (from !== null && event.occurredAt > from + windowMs)) return;
  const { levels } = await pagerduty.getEscalationPolicy(now.escalationPolicyId);
  if (levels[0]?.targets.includes(bot)) await takeBackFromProgram(...whatWasTaken(context, event, from));
}

function whatWasTaken(
  { pagerduty, pager, clock, log, identity, bot }: RespondContext,
  { incident, actorId, snapshot }: IncidentEvent,
  openedAt: number | null,
): Parameters<typeof takeBackFromProgram> {
  if (pagerduty === null)
    throw new Error("a program took what is held, and no PagerDuty token is configured");
  return [
    {
      incident,
      openedAt: snapshot?.createdAt ?? openedAt,
      programs: [bot, actorId, ...(identity.automationUsers ?? [])].filter((id) => id !== null),
    },
    { pagerduty, fallbackPolicy: pager.fallbackPolicy, clock, log },
  ];
}

/** A page waits no longer than this for the ledger. */
const MAX_LEDGER_WAIT_MS = 5_000;

async function readKnown(
  { ledger, log, clock }: RespondContext,
  { incident }: IncidentEvent,
): Promise<Known> {
  const [stored, settings] = await withinMs(clock, MAX_LEDGER_WAIT_MS, "reading the decision", () =>
    Promise.all([ledger.prediction(incident), readSettings(ledger, log)]),
  );
  return { stored, settings };
}

/** Pages an incident that an event leaves waiting on the bot. */
export async function pageLate(
  context: RespondContext,
  event: IncidentEvent,
  { stored, settings }: Known,
  onPaged: (taken: ActionTaken) => void = () => {},
): Promise<void> {
  const { incident, snapshot, occurredAt, type, actor } = event;
  const why = `${type} by ${actor}`;
  await pageAndRecord(context, {
    onPaged,
    incident,
    snapshot,
    occurredAt,
    stored,
    why,
    decision: (taken) =>
      taken.action === "none" ? null : lateDecision(context, event, settings, why, taken),
  });
}

/** The decision on an incident whose opening the bot never received. */
async function lateDecision(
  { pagerduty, windowMs }: RespondContext,
  { incident, snapshot, occurredAt }: IncidentEvent,
  settings: Settings | null,
  why: string,
  taken: Prediction["taken"],
): Promise<Prediction> {
  const seen = snapshot === null ? ((await pagerduty?.getIncident(incident)) ?? null) : null;
  const service = snapshot?.service ?? seen?.serviceId ?? "";
  return barePrediction({
    incident,
    service,
    title: snapshot?.title ?? seen?.title ?? "",
    openedAt: snapshot?.createdAt ?? seen?.createdAt ?? occurredAt,
    mode: settings === null ? "shadow" : rulesFor(settings, service).mode,
    windowMs,
    decidedBy: "late",
    sentence: `The first that the bot heard of it was '${why}'.`,
    taken,
  });
}

/** Releases the holds beside an incident that needs a person. */
async function releaseSiblings(
  context: RespondContext,
  { incident, snapshot }: IncidentEvent,
  { stored, settings }: Known,
): Promise<void> {
  const service = snapshot?.service ?? stored?.service ?? null;
  if (service === null) return;
  await releaseLiveHolds(
    context,
    settings ?? (await readSettingsOrFail(context.ledger, context.log)),
    (hold) => hold.service === service && hold.incident !== incident,
    `The incident ${incident} of the same service needs a human.`,
  );
}
