import { z } from "zod";
import type { DocumentStore } from "../document-store.ts";
import { decode } from "./decode.ts";
import { paths } from "./paths.ts";

/** A service that is armed, and since when, milliseconds since the epoch: evidence about its misses is counted from then on. */
export type Arming = { readonly service: string; readonly since: number };

export type CountedArmings = {
  /** The armings by which evidence was last counted; null before the first time. */
  countedArmings(): Promise<readonly Arming[] | null>;
  /** Replaces them. `sweep` is the only writer. */
  noteCountedArmings(armings: readonly Arming[]): Promise<void>;
};

const armingsDocument = z.object({
  armings: z.array(z.object({ service: z.string(), since: z.number() })),
});

export const countedArmingsIn = (store: DocumentStore): CountedArmings => ({
  async countedArmings() {
    const document = await store.get(paths.countedArmings);
    return document === null ? null : decode(armingsDocument, document).armings;
  },
  noteCountedArmings: (armings) =>
    store.set(paths.countedArmings, { armings: armings.map((one) => ({ ...one })) }),
});
