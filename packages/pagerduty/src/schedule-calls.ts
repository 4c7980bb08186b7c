import type { z } from "zod";
import { PagerDutyError } from "./errors.ts";
import type { Reader } from "./read-answer.ts";
import {
  layerBasedAnswer,
  layerBasedList,
  type RenderedSchedule,
  type RestSchedule,
  shiftBasedAnswer,
  shiftBasedList,
} from "./schedule-types.ts";

/** A period of time, milliseconds since the epoch. */
export type Period = { readonly since: number; readonly until: number };

/**
 * Schedules of both kinds (developer docs, Schedules API: v2 to v3 upgrade guide). Every method throws PagerDutyError.
 */
export type ScheduleCalls = {
  /**
   * All schedules of both kinds: each of PagerDuty's two lists shows only its own kind. Throws rather than omit any.
   */
  listSchedules(): AsyncIterable<RestSchedule>;
  /**
   * The schedule as rendered for the period. An id does not show its kind, and an upgrade keeps it: v3 is queried first
   * and answers 400 for a layer-based schedule. 404 only where neither knows the id.
   */
  getSchedule(id: string, period: Period): Promise<RenderedSchedule>;
};

type List = z.ZodType<{ readonly list: readonly RestSchedule[]; readonly more: boolean | null }>;

/** Maximum page size, and maximum offset; null where no maximum is documented. */
type Paging = { readonly pageSize: number; readonly maxOffset: number | null };
const layerBasedPaging: Paging = { pageSize: 100, maxOffset: 10_000 };
const shiftBasedPaging: Paging = { pageSize: 1_000, maxOffset: null };

/** v3 answers so for a layer-based schedule (400), or for an unknown id (404). */
const TRY_V2 = [400, 404];

/**
 * The calls that read schedules of both kinds, layer-based (v2) and shift-based (v3). Each rejects with PagerDutyError.
 */
export function scheduleCalls({ read }: Pick<Reader, "read">): ScheduleCalls {
  async function* pages(schema: List, path: readonly string[], { pageSize, maxOffset }: Paging) {
    const call = `GET /${path.join("/")}`;
    for (let offset = 0; ; ) {
      const { list, more } = await read(schema, path, { limit: pageSize, offset });
      yield* list;
      if (!(more ?? list.length >= pageSize)) return;
      // By the number received, because a server may cap a page below the requested size.
      offset += list.length;
      if (list.length === 0 || (maxOffset !== null && offset + pageSize > maxOffset))
        throw new PagerDutyError(call, 200, null, [`the list goes on after ${offset}, out of reach`]);
    }
  }

  async function layerBased(id: string, window: Window, v3: PagerDutyError): Promise<RenderedSchedule> {
    try {
      return (await read(layerBasedAnswer, ["schedules", id], window)).schedule;
    } catch (error) {
      const isContradiction = v3.status === 400 && error instanceof PagerDutyError && error.status === 404;
      if (!isContradiction) throw error;
      // v3 says that it is layer-based, v2 that it is not: it exists and cannot be read.
      throw new PagerDutyError(`GET /v3/schedules/${id}`, 400, v3.code, [
        `${v3.message}; and /schedules/${id} does not know it`,
      ]);
    }
  }

  return {
    async *listSchedules() {
      yield* pages(layerBasedList, ["schedules"], layerBasedPaging);
      yield* pages(shiftBasedList, ["v3", "schedules"], shiftBasedPaging);
    },
    async getSchedule(id, { since, until }) {
      const window = { since: new Date(since).toISOString(), until: new Date(until).toISOString() };
      try {
        const query = { ...window, include: ["final_schedule"] };
        return (await read(shiftBasedAnswer, ["v3", "schedules", id], query)).schedule;
      } catch (error) {
        if (!(error instanceof PagerDutyError) || !TRY_V2.includes(error.status)) throw error;
        return layerBased(id, window, error);
      }
    },
  };
}

type Window = { readonly since: string; readonly until: string };
