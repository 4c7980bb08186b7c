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
  /** When it was first found to be unknown, milliseconds since the epoch. */
  readonly since: number;
};

export type UnknownChecks = {
  /** Of all armed services, as the last checks left it. */
  unknownChecks(): Promise<readonly UnknownCheck[]>;
  /** Replaces what was noted before. One writer: `sweep`. */
  noteUnknownChecks(unknown: readonly UnknownCheck[]): Promise<void>;
};

const unknownDocument = z.object({
  unknown: z.array(
    z.object({ service: z.string(), check: z.string(), sentence: z.string(), since: z.number() }),
  ),
});

export const unknownChecksIn = (store: DocumentStore): UnknownChecks => ({
  async unknownChecks() {
    const document = await store.get(paths.unknownChecks);
    return document === null ? [] : decode(unknownDocument, document).unknown;
  },
  noteUnknownChecks: (unknown) =>
    store.set(paths.unknownChecks, { unknown: unknown.map((one) => ({ ...one })) }),
});
