import type { IncidentEvent, Prediction } from "@mrdata/incident";
import { barePrediction } from "../paging/bare-prediction.ts";
import { releaseHolds } from "../paging/release-holds.ts";
import { readSettings, rulesFor } from "../rules-for.ts";
import type { RespondContext } from "./context.ts";

/** A resolved incident needs nobody: its hold ends. */
export async function onClosing(context: RespondContext, event: IncidentEvent): Promise<void> {
  const stored = await context.ledger.prediction(event.incident);
  if (stored === null) await recordLateDecision(context, event);
  else if (isUnsettledHold(stored)) await endHold(context, event, stored.holdUntil);
  await releaseTargetOfMerge(context, event);
}

type UnsettledHold = Prediction & { readonly holdUntil: number };

const isUnsettledHold = (stored: Prediction): stored is UnsettledHold =>
  stored.unsettled === true && stored.ended === undefined && stored.holdUntil !== null;

const endHold = (
  { ledger }: RespondContext,
  { incident, occurredAt, actor }: IncidentEvent,
  holdUntil: number,
): Promise<void> =>
  ledger.endHold(incident, { at: Math.min(occurredAt, holdUntil), why: `resolved by ${actor}` });

/** An incident merged into a held one makes the held one more serious than it seemed. */
async function releaseTargetOfMerge(
  context: RespondContext,
  { incident, mergedInto }: IncidentEvent,
): Promise<void> {
  if (mergedInto === null || mergedInto === "") return;
  const target = await context.ledger.prediction(mergedInto);
  if (target !== null && isUnsettledHold(target))
    await releaseHolds(context, [target], `The incident ${incident} was merged into it.`);
}

/** A page sent while the ledger failed left no decision: its echo in the timeline shows it. */
async function recordLateDecision(
  { ledger, log, windowMs }: RespondContext,
  { incident }: IncidentEvent,
): Promise<void> {
  const known = await ledger.incident(incident);
  const page = known?.events.find(
    ({ actor, type }) => actor === "bot" && (type === "escalated" || type === "delegated"),
  );
  if (known == null || page?.snapshot == null) return;
  const { service, title, createdAt } = page.snapshot;
  const settings = await readSettings(ledger, log);
  const action = page.type === "escalated" ? "paged" : "delegated";
  await ledger.createPrediction(
    barePrediction({
      incident,
      service,
      title,
      openedAt: createdAt ?? page.occurredAt,
      mode: settings === null ? "shadow" : rulesFor(settings, service).mode,
      windowMs,
      decidedBy: "late",
      sentence: "It was paged while nothing could be written.",
      taken: { action, sentence: `The incident was ${page.type} by the bot.`, at: page.occurredAt },
    }),
  );
}
