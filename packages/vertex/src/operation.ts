import { operationAnswer, type RestOperation } from "./answers.ts";
import { OperationError } from "./errors.ts";
import type { Requester } from "./request.ts";
import type { VertexClock } from "./retry.ts";

/** Polling intervals, milliseconds: an upload takes seconds, so the first polls come soon. */
const FIRST_POLL_MS = 500;
const MAX_POLL_MS = 10_000;

export type PollOptions = {
  readonly clock: VertexClock;
  readonly random: () => number;
  /** Deadline from the first poll, milliseconds. */
  readonly deadline: number;
};

/**
 * Polls until the operation is done, and returns its response. Throws OperationError if it ends with an error or
 * not in time; it may then still be running at Google, and a later run finds its result.
 */
export async function finish(
  request: Requester,
  started: RestOperation,
  { clock, random, deadline }: PollOptions,
): Promise<Readonly<Record<string, unknown>>> {
  const until = clock.now() + deadline;
  let operation = started;
  for (let attempt = 0; operation.done !== true; attempt++) {
    const wait = Math.min(MAX_POLL_MS, FIRST_POLL_MS * 2 ** attempt) * (0.75 + random() / 2);
    if (clock.now() + wait > until)
      throw new OperationError(
        "late",
        `${operation.name} has not ended within ${Math.round(deadline / 1000)} s; it may still end, and the next run finds what it made`,
      );
    await clock.sleep(wait);
    operation = operationAnswer.parse(await request({ method: "GET", path: operation.name }));
  }
  if (operation.error !== undefined)
    throw new OperationError(
      "failed",
      `${operation.name} failed: ${operation.error.message ?? "no reason given"}${operation.error.code === undefined ? "" : ` (code ${operation.error.code})`}`,
    );
  return operation.response ?? {};
}
