import type { z } from "zod";
import { PagerDutyError } from "./errors.ts";
import type { Call, CallLimits, Requester } from "./request.ts";

export type Query = NonNullable<Call["query"]>;

/** Of so many things is a page: PagerDuty's most (API reference, Pagination). */
export const PAGE = 100;
/** Offset and limit together reach no further. */
const WALL = 10_000;

/** Reads with the shape that is expected. Throws PagerDutyError, also for an answer of another shape. */
export type Reader = {
  read<T>(schema: z.ZodType<T>, path: readonly string[], query?: Query, limits?: CallLimits): Promise<T>;
  /** Page by page, as far as PagerDuty lets one go: `schema` gives the list and whether there is `more`. */
  readPages<T>(
    schema: z.ZodType<{ readonly list: readonly T[]; readonly more: boolean }>,
    path: readonly string[],
    query?: Query,
    limits?: CallLimits,
  ): AsyncIterable<T>;
};

/** What was answered, in the shape that is expected; throws PagerDutyError naming the field that is not. */
export function expectAnswer<T>(schema: z.ZodType<T>, answer: unknown, call: string): T {
  const read = schema.safeParse(answer);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw new PagerDutyError(call, 200, null, [
    `unexpected answer: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "invalid"}`,
  ]);
}

/**
 * Reads through a requester, with the answer's shape checked. Of a list no more than the first 10,000 can be read.
 */
export function reader(request: Requester): Reader {
  const read: Reader["read"] = async (schema, path, query = {}, limits) =>
    expectAnswer(schema, await request({ method: "GET", path, query, limits }), `GET /${path.join("/")}`);
  return {
    read,
    async *readPages(schema, path, query = {}, limits) {
      for (let offset = 0; offset + PAGE <= WALL; offset += PAGE) {
        const { list, more } = await read(schema, path, { ...query, limit: PAGE, offset }, limits);
        yield* list;
        if (!more) return;
      }
    },
  };
}
