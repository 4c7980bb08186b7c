import { type IncidentMove, MAX_MOVES, PagerDutyError, type RestIncident } from "@mrdata/pagerduty";
import { reasonNotToPage, reasonNotToTakeBack } from "@mrdata/responder";
import pMap from "p-map";
import type { PageBatchContext } from "./page-batch.ts";
import { backOff, type PageState, settleMoved } from "./page-state.ts";

/** `key` is the move's `moveKey`. */
export type PlannedMove = { readonly page: PageState; readonly move: IncidentMove; readonly key: string };

/** PagerDuty's error codes (REST API reference, PUT /incidents). */
const DATA_CHANGED = 1005;
const CANNOT_ESCALATE = 1006;
/**
 * A slow answer must not cause a resend of a move under way: the second would undo an acknowledgement made in between.
 */
const LIMITS = { timeoutMs: 10_000 };
/** Concurrent calls. */
const CONCURRENCY = 8;

/**
 * Sends moves, many in one call. A page moved to a person is settled; one that PagerDuty refused or left with the bot is
 * marked so; the outcome of the rest is unknown until the next read. How PagerDuty refuses part of a bulk request is not
 * documented: after a refusal the same moves are sent in smaller parts, down to one at a time.
 */
export function createSendMoves({
  pagerduty,
  clock,
  bot,
  programs,
}: Pick<PageBatchContext, "pagerduty" | "clock" | "bot" | "programs">) {
  let chunkSize = MAX_MOVES;

  /** The answer shows the incident as it is now, which is as good as a read. */
  function afterAnswer(
    { page, move, key }: PlannedMove,
    answered: RestIncident | undefined,
    calledAt: number,
  ): void {
    const at = clock.now();
    if (answered === undefined) {
      const assignedBefore = page.reading?.incident.assignedAt ?? null;
      page.sent = { move, key, calledAt, at, isAccepted: true, mayStillArrive: true, assignedBefore };
      page.reading = null;
      return;
    }
    if (reasonNotToPage(answered, bot) !== null)
      settleMoved(page, move, { isWithPrograms: reasonNotToTakeBack(answered, programs) === null, at });
    else {
      page.withoutEffect.add(key);
      page.reading = { incident: answered, at };
      const { escalationPolicyId: policy, assignedAt } = answered;
      // The level that it started from stays: what was tried above it is known, and one unseen level more is tried at most.
      const level = move.kind === "policy" ? 1 : (page.place?.level ?? move.level);
      page.place = { policy, level, assignedAt };
    }
  }

  function afterFailure(
    { page, move, key }: PlannedMove,
    error: unknown,
    { isAlone, calledAt }: { readonly isAlone: boolean; readonly calledAt: number },
  ): void {
    const at = clock.now();
    const status = error instanceof PagerDutyError ? error.status : 0;
    const code = error instanceof PagerDutyError ? error.code : null;
    const isAnswered = status >= 400 && status < 500;
    const assignedBefore = page.reading?.incident.assignedAt ?? null;
    // A 429 did nothing; after any other refusal of many, some may have been moved.
    if (status !== 429)
      page.sent =
        isAnswered && isAlone
          ? null
          : { move, key, calledAt, at, isAccepted: false, mayStillArrive: !isAnswered, assignedBefore };
    page.reading = null;
    if (!isAlone && status !== 429) return;
    if (isAnswered && isRefusalOfMove(status, code)) {
      if (code === CANNOT_ESCALATE) page.cannotEscalate = true;
      else page.refused.add(key);
      return;
    }
    // The other endpoint may still work.
    page.byBulkCall = !page.byBulkCall;
    backOff(page, error, at);
  }

  async function sendOne(planned: PlannedMove): Promise<void> {
    const { page, move } = planned;
    const { incident } = page;
    const calledAt = clock.now();
    try {
      const [answered] = page.byBulkCall
        ? await pagerduty.moveIncidents([{ id: incident, to: move }], LIMITS)
        : [await pagerduty.moveIncident(incident, move, LIMITS)];
      afterAnswer(planned, answered ?? undefined, calledAt);
    } catch (error) {
      afterFailure(planned, error, { isAlone: true, calledAt });
    }
  }

  async function sendMany(chunk: readonly PlannedMove[]): Promise<void> {
    const calledAt = clock.now();
    try {
      const answered = await pagerduty.moveIncidents(
        chunk.map(({ page, move }) => ({ id: page.incident, to: move })),
        LIMITS,
      );
      const byId = new Map(answered.map((one) => [one.id, one]));
      for (const planned of chunk) afterAnswer(planned, byId.get(planned.page.incident), calledAt);
    } catch (error) {
      const status = error instanceof PagerDutyError ? error.status : 0;
      if (status !== 429) chunkSize = smallerChunk(chunk.length, status);
      for (const planned of chunk) afterFailure(planned, error, { isAlone: false, calledAt });
    }
  }

  return async function sendMoves(planned: readonly PlannedMove[]): Promise<void> {
    const size = chunkSize;
    const chunks = Array.from({ length: Math.ceil(planned.length / size) }, (_, i) =>
      planned.slice(i * size, (i + 1) * size),
    );
    await pMap(
      chunks,
      (chunk) => {
        const [only] = chunk;
        return chunk.length === 1 && only !== undefined ? sendOne(only) : sendMany(chunk);
      },
      { concurrency: CONCURRENCY },
    );
  };
}

/**
 * A 400 and the like concern one of the incidents: halving finds it. A refusal of the call itself would refuse any
 * part.
 */
const smallerChunk = (size: number, status: number): number => {
  if (status === 400 || status === 409 || status === 413 || status === 422) return Math.ceil(size / 2);
  return status >= 400 && status < 500 ? 1 : Math.max(1, Math.floor(size / 4));
};

/** True where PagerDuty refuses this move of this incident, rather than the call, and not just for the moment. */
const isRefusalOfMove = (status: number, code: number | null): boolean =>
  (status === 400 || status === 422) && code !== DATA_CHANGED;
