import type { EventDetails, OpeningEvent } from "@mrdata/incident";
import { reasonOf } from "@mrdata/runtime";
import type { RespondContext } from "./context.ts";

/** Tells the ledger what the alerts said, so that their past is known the next time. What was decided stands without. */
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
      { window: windowMs },
    );
  } catch (error) {
    log({ severity: "WARNING", event: "details.unrecorded", incident, reason: reasonOf(error) });
  }
}
