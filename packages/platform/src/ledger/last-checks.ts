import { z } from "zod";
import type { DocumentStore } from "../document-store.ts";
import { decode } from "./decode.ts";
import { paths } from "./paths.ts";

/** A check that an armed service requires and whose answer is unknown. */
export type UnknownCheck = {
  readonly service: string;
  /** The check's name: `level-2`. */
  readonly check: string;
  readonly sentence: string;
  /** When it was last answered, milliseconds since the epoch. */
  readonly since: number;
};

/** The results of the last run of the armed services' checks. */
export type LastChecks = {
  /**
   * When the checks were last run and all but the unknown ones answered, milliseconds since the epoch; null
   * before the first run.
   */
  readonly answeredAt: number | null;
  readonly unknown: readonly UnknownCheck[];
};

export type LastChecksCalls = {
  lastChecks(): Promise<LastChecks>;
  /** Replaces the previous results. `sweep` is the only writer. */
  noteLastChecks(last: LastChecks): Promise<void>;
};

const lastChecksDocument = z.object({
  /** Absent in documents of earlier versions. */
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
