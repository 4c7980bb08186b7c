import type { Bus, Clock, Ledger, Log, PushedMessage, ResultStore } from "@mrdata/platform";
import { readPushEnvelope } from "@mrdata/platform";
import { answer, type Handler, MAX_PUSH, noContent, readBody, reasonOf } from "@mrdata/runtime";
import {
  type LearnEvent,
  type LearnMessage,
  type LearnPorts,
  learn,
  learnMessage,
  versionOfTuning,
} from "@mrdata/training";
import { DEAD_TOPIC, LEARN_TOPIC } from "../names.ts";

export { learnManifest } from "./manifest.ts";

export type LearnFunctionPorts = Pick<LearnPorts, "run"> & {
  /** Where a tuning stored its results. */
  readonly results: ResultStore;
  readonly bus: Bus;
  readonly ledger: Pick<Ledger, "training">;
  readonly clock: Clock;
  readonly log: Log;
  /**
   * How many tasks run concurrently: others wait before they count as begun. 1 if omitted, as an instance is declared.
   */
  readonly concurrency?: number;
};

/** Sends tasks over the topic that `learn` is pushed from. */
export const sendTask =
  (bus: Bus) =>
  async ({ job, task }: LearnMessage): Promise<void> => {
    await bus.publish(LEARN_TOPIC, {
      data: Buffer.from(JSON.stringify({ job, task })),
      attributes: { topic: LEARN_TOPIC, event: `${job} ${task}` },
      orderingKey: "",
    });
  };

/** Logs a training job's event. */
export const jobEventLog =
  (log: Log) =>
  (event: LearnEvent): void =>
    log({
      severity: event.event === "job.failed" ? "ERROR" : event.event === "task.failed" ? "WARNING" : "INFO",
      ...event,
    });

/**
 * Runs training tasks, one at a time. A task that fails is refused, so that it is redelivered, until its job fails with
 * the reason; a message that is no task is dead-lettered.
 */
export function createLearn({
  bus,
  ledger,
  results,
  clock,
  log,
  run,
  concurrency = 1,
}: LearnFunctionPorts): Handler {
  const inTurn = turns(concurrency);
  const starting = { ledger, send: sendTask(bus), now: () => clock.now(), report: jobEventLog(log) };
  const ports: LearnPorts = { ...starting, run, afterTuning: versionOfTuning(starting, { results }) };
  return async function learnPushed(request) {
    let message: PushedMessage;
    try {
      const body = await readBody(request, MAX_PUSH);
      message = readPushEnvelope(request.parsedBody ?? JSON.parse(Buffer.from(body).toString("utf8")));
    } catch (error) {
      log({ severity: "ERROR", event: "push.unreadable", function: "learn", reason: reasonOf(error) });
      return answer(400, { error: "expected a Pub/Sub push envelope" });
    }
    const { messageId } = message;
    try {
      const task = taskIn(message);
      if (task === null) await deadLetter(message);
      else await inTurn(() => learn(task, ports));
      return noContent;
    } catch (error) {
      const reason = reasonOf(error);
      log({ severity: "ERROR", event: "message.failed", function: "learn", messageId, reason });
      return answer(503, { error: reason });
    }
  };

  async function deadLetter({ data, attributes, messageId }: PushedMessage): Promise<void> {
    const reason = "the message names no task of a job";
    await bus.publish(DEAD_TOPIC, {
      data,
      attributes: { ...attributes, reason, source: "learn", originalMessageId: messageId },
      orderingKey: "",
    });
    log({ severity: "ERROR", event: "message.dead", function: "learn", messageId, reason });
  }
}

/** Runs at most `limit` works concurrently; the others wait in order of arrival. */
function turns(concurrency: number): (work: () => Promise<void>) => Promise<void> {
  let underWay = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (underWay >= concurrency) await new Promise<void>((resolve) => waiting.push(resolve));
    else underWay++;
    try {
      await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) underWay--;
      else next();
    }
  };
}

function taskIn({ data }: PushedMessage): LearnMessage | null {
  try {
    return learnMessage.parse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(data)));
  } catch {
    return null;
  }
}
