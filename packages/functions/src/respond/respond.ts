import { type IncidentEvent, isOpening } from "@mrdata/incident";
import type { Handler } from "@mrdata/runtime";
import { type Delivery, pushHandler } from "../push/push-handler.ts";
import { recordProbe } from "../push/record-probe.ts";
import { onChange } from "./change.ts";
import { onClosing } from "./closing.ts";
import {
  createRespondContext,
  type RespondContext,
  type RespondOptions,
  type RespondPorts,
} from "./context.ts";
import { noteInTime } from "./in-time.ts";
import { onOpening } from "./opening.ts";

export type { RespondOptions, RespondPorts } from "./context.ts";
export { respondManifest } from "./manifest.ts";

/**
 * The first responder. For an opening it decides and stores the prediction; for any other event it checks whether the
 * incident waits on the bot without a live hold, and if so pages at once. A hold counts only once it is stored. A page
 * never waits for the ledger: it goes out first, and what could not be written is written on redelivery.
 */
export function createRespond(ports: RespondPorts, options: RespondOptions): Handler {
  const context = createRespondContext(ports, options);
  return pushHandler(
    "respond",
    options.identity,
    ports,
    (event, delivery) => respondTo(context, event, delivery),
    {
      async onProbe(delivery) {
        await recordProbe("respond", ports, delivery);
        // The probe stands for an opening that was decided on and that nobody waits for.
        noteInTime(ports, "decision", delivery, null);
        noteInTime(ports, "page", delivery, null);
      },
    },
  );
}

async function respondTo(context: RespondContext, event: IncidentEvent, delivery: Delivery): Promise<void> {
  if (isOwnEcho(event)) return;
  if (event.type === "resolved") return onClosing(context, event);
  if (isOpening(event)) return onOpening(context, event, delivery);
  return onChange(context, event);
}

/** The bot's own actions need no reaction. */
const isOwnEcho = ({ actor, type }: IncidentEvent): boolean => actor === "bot" && type !== "triggered";
