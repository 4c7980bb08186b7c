import type { EventDetails, OpeningEvent } from "@mrdata/incident";
import { reasonOf } from "@mrdata/runtime";
import type { RespondContext } from "./context.ts";

/**
 * Records what the alerts said, so that it is known as history the next time. The current decision does not depend on
 * it.
 */
export async function recordAlertDetails(
  { ledger, log, bot, windowMs }: RespondContext,
  event: OpeningEvent,
  details: EventDetails,
): Promise<void> {
  if (Object.keys(details.numbers).length + Object.keys(details.texts).length === 0) return;
  const { incident } = event;
  try {
    await ledger.recordEvent(
      {
        ...event,
        id: `${incident}.described`,
        type: "described",
        actor: "bot",
        actorId: bot,
        details,
      },
      { windowMs },
    );
  } catch (error) {
    log({ severity: "WARNING", event: "details.unrecorded", incident, reason: reasonOf(error) });
  }
}
