import type { z } from "zod";
import { PagerDutyError } from "./errors.ts";
import type { Call, CallLimits, Requester } from "./request.ts";

export type Query = NonNullable<Call["query"]>;

/** Page size: PagerDuty's maximum (API reference, Pagination). */
export const PAGE_SIZE = 100;
/** The maximum of offset plus limit. */
const MAX_OFFSET = 10_000;

/** Reads answers of an expected shape. Throws PagerDutyError, also for an answer of another shape. */
export type Reader = {
  read<T>(schema: z.ZodType<T>, path: readonly string[], query?: Query, limits?: CallLimits): Promise<T>;
  /** Page by page, up to PagerDuty's limit: `schema` returns the list and whether there is `more`. */
  readPages<T>(
    schema: z.ZodType<{ readonly list: readonly T[]; readonly more: boolean }>,
    path: readonly string[],
    query?: Query,
    limits?: CallLimits,
  ): AsyncIterable<T>;
};

/** The answer in the expected shape; throws PagerDutyError naming the field that differs. */
export function expectAnswer<T>(schema: z.ZodType<T>, answer: unknown, call: string): T {
  const read = schema.safeParse(answer);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw new PagerDutyError(call, 200, null, [
    `unexpected answer: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "invalid"}`,
  ]);
}

/** Reads through a requester and checks the answer's shape. At most the first 10,000 items of a list can be read. */
export function reader(request: Requester): Reader {
  const read: Reader["read"] = async (schema, path, query = {}, limits) =>
    expectAnswer(schema, await request({ method: "GET", path, query, limits }), `GET /${path.join("/")}`);
  return {
    read,
    async *readPages(schema, path, query = {}, limits) {
      for (let offset = 0; offset + PAGE_SIZE <= MAX_OFFSET; offset += PAGE_SIZE) {
        const { list, more } = await read(schema, path, { ...query, limit: PAGE_SIZE, offset }, limits);
        yield* list;
        if (!more) return;
      }
    },
  };
}
