import { type IncidentEvent, keepableEvent } from "@mrdata/incident";
import { type Identity, PING, PROBE, parseWebhook } from "@mrdata/pagerduty";
import {
  assertKeepable,
  type Bus,
  type Clock,
  type Ledger,
  type Log,
  type PushedMessage,
  readPushEnvelope,
} from "@mrdata/platform";
import {
  answer,
  type Handler,
  type HandlerResponse,
  MAX_PUSH,
  noContent,
  readBody,
  reasonOf,
} from "@mrdata/runtime";
import { DEAD_TOPIC } from "../names.ts";
import { failureOf } from "./failure-of.ts";

/** An event dated later than this is not credible: it would age the whole track record. */
const MAX_FUTURE_MS = 3_600_000;

/** The message can never succeed, however often it is delivered. */
export class PoisonedMessageError extends Error {}

export type PushedPorts = {
  readonly bus: Bus;
  readonly ledger: Pick<Ledger, "noteFailure">;
  readonly clock: Clock;
  readonly log: Log;
};

export type Delivery = {
  /** The message was delivered before, and refused or never answered. Some buses do not report this. */
  readonly again: boolean;
  /** When `receive` published it, milliseconds since the epoch. */
  readonly acceptedAt: number;
};

/** Handlers of events that belong to no incident. Omitted ones do nothing. */
export type OtherEventHandlers = {
  /** PagerDuty sent a ping. */
  readonly onPing?: () => Promise<void>;
  /** The probe's event arrived. */
  readonly onProbe?: (delivery: Delivery) => Promise<void>;
};

/**
 * The receiving end of a push subscription. A message that can never succeed is published to the dead-letter topic with
 * its reason and then acknowledged; one that fails is refused, so that it is redelivered, and its last error is stored
 * under the function and the event (`failureOf`).
 */
export function pushHandler(
  name: string,
  identity: Identity,
  { bus, ledger, clock, log }: PushedPorts,
  work: (event: IncidentEvent, delivery: Delivery) => Promise<void>,
  { onPing = async () => {}, onProbe = async () => {} }: OtherEventHandlers = {},
): Handler {
  const deadLetter = async (message: PushedMessage, reason: string): Promise<HandlerResponse> => {
    await bus.publish(DEAD_TOPIC, {
      data: message.data,
      attributes: { ...message.attributes, reason, source: name, originalMessageId: message.messageId },
      orderingKey: "",
    });
    log({ severity: "ERROR", event: "message.dead", function: name, messageId: message.messageId, reason });
    return noContent;
  };
  return async function push(request) {
    let message: PushedMessage;
    try {
      const body = await readBody(request, MAX_PUSH);
      message = readPushEnvelope(request.parsedBody ?? JSON.parse(Buffer.from(body).toString("utf8")));
    } catch (error) {
      log({ severity: "ERROR", event: "push.unreadable", function: name, reason: reasonOf(error) });
      return answer(400, { error: "expected a Pub/Sub push envelope" });
    }
    try {
      const now = clock.now();
      const event = eventIn(message, identity, now);
      const delivery = { again: (message.deliveryAttempt ?? 1) > 1, acceptedAt: message.publishTime };
      if (event === PING) await onPing();
      else if (event === PROBE) await onProbe(delivery);
      else await work(withBelievableOpening(event, now, log), delivery);
      return noContent;
    } catch (error) {
      try {
        if (error instanceof PoisonedMessageError) return await deadLetter(message, error.message);
        await ledger.noteFailure(failureOf(name, message), {
          reason: reasonOf(error),
          source: name,
          at: clock.now(),
        });
      } catch (worse) {
        log({
          severity: "ERROR",
          event: "failure.unrecorded",
          function: name,
          messageId: message.messageId,
          reason: reasonOf(worse),
        });
      }
      log({
        severity: "ERROR",
        event: "message.failed",
        function: name,
        messageId: message.messageId,
        reason: reasonOf(error),
      });
      return answer(503, { error: reasonOf(error) });
    }
  };
}

/** Only the type of an event that belongs to no incident: a ping, a probe. Throws PoisonedMessageError. */
function eventIn(
  message: PushedMessage,
  identity: Identity,
  now: number,
): IncidentEvent | typeof PING | typeof PROBE {
  let payload: unknown;
  try {
    payload = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(message.data));
  } catch {
    throw new PoisonedMessageError("the message is not JSON");
  }
  const parsed = parseWebhook(payload, identity);
  if (parsed.kind === "invalid") throw new PoisonedMessageError(parsed.problem);
  if (parsed.kind === "ignored" && (parsed.type === PING || parsed.type === PROBE)) return parsed.type;
  if (parsed.kind === "ignored")
    throw new PoisonedMessageError(`an event of type ${parsed.type} says nothing of an incident`);
  try {
    assertKeepable(parsed.event);
  } catch (error) {
    throw new PoisonedMessageError(reasonOf(error));
  }
  if (parsed.event.occurredAt > now + MAX_FUTURE_MS) {
    throw new PoisonedMessageError(
      `the event says that it occurs at ${new Date(parsed.event.occurredAt).toISOString()}, which is in the future`,
    );
  }
  return keepableEvent(parsed.event);
}

/** An incident that claims to have opened in the future is logged, and treated as one without an opening time. */
function withBelievableOpening(event: IncidentEvent, now: number, log: Log): IncidentEvent {
  const { snapshot, incident } = event;
  if (snapshot === null || snapshot.createdAt === null || snapshot.createdAt <= now + MAX_FUTURE_MS)
    return event;
  const createdAt = new Date(snapshot.createdAt).toISOString();
  log({ severity: "WARNING", event: "incident.dated-in-the-future", incident, createdAt });
  return { ...event, snapshot: { ...snapshot, createdAt: null } };
}
