import { operationAnswer, type RestOperation } from "./answers.ts";
import { OperationError } from "./errors.ts";
import type { Requester } from "./request.ts";
import type { VertexClock } from "./retry.ts";

/** Between two looks, milliseconds: an upload takes seconds, so the first looks come soon. */
const FIRST = 500;
const LONGEST = 10_000;

export type PollOptions = {
  readonly clock: VertexClock;
  readonly random: () => number;
  /** From the first look, milliseconds. */
  readonly deadline: number;
};

/**
 * Looks until the operation is done, and answers with its response. Throws OperationError when it ends with an error or
 * not in time; it then still runs at Google's, and whoever starts again finds it by its outcome.
 */
export async function finish(
  request: Requester,
  started: RestOperation,
  { clock, random, deadline }: PollOptions,
): Promise<Readonly<Record<string, unknown>>> {
  const until = clock.now() + deadline;
  let operation = started;
  for (let look = 0; operation.done !== true; look++) {
    const wait = Math.min(LONGEST, FIRST * 2 ** look) * (0.75 + random() / 2);
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
