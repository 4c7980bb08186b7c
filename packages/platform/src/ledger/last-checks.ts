import { z } from "zod";
import type { DocumentStore } from "../document-store.ts";
import { decode } from "./decode.ts";
import { paths } from "./paths.ts";

/** A check that an armed service needs, and whose answer is not known. */
export type UnknownCheck = {
  readonly service: string;
  /** The check's name: `level-2`. */
  readonly check: string;
  readonly sentence: string;
  /** When it was last answered, milliseconds since the epoch. */
  readonly since: number;
};

/** What the checks of the armed services came to, when they were last made. */
export type LastChecks = {
  /**
   * When all were last asked and those that are not among the unknown answered, milliseconds since the epoch; null
   * before the first time.
   */
  readonly answeredAt: number | null;
  readonly unknown: readonly UnknownCheck[];
};

export type LastChecksCalls = {
  lastChecks(): Promise<LastChecks>;
  /** Replaces what was noted before. One writer: `sweep`. */
  noteLastChecks(last: LastChecks): Promise<void>;
};

const lastChecksDocument = z.object({
  /** Missing from what an earlier version wrote. */
  answeredAt: z.number().nullish(),
  unknown: z.array(
    z.object({ service: z.string(), check: z.string(), sentence: z.string(), since: z.number() }),
  ),
});

export const lastChecksIn = (store: DocumentStore): LastChecksCalls => ({
  async lastChecks() {
    const document = await store.get(paths.lastChecks);
    if (document === null) return { answeredAt: null, unknown: [] };
    const { answeredAt, unknown } = decode(lastChecksDocument, document);
    return { answeredAt: answeredAt ?? null, unknown };
  },
  noteLastChecks: ({ answeredAt, unknown }) =>
    store.set(paths.lastChecks, { answeredAt, unknown: unknown.map((one) => ({ ...one })) }),
});
