import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createLedger, type DocumentData } from "@mrdata/platform";
import { z } from "zod";
import { createMemoryStore, type PlainDocument } from "../simulation/memory-store.ts";
import { madeOnce } from "../support/made-once.ts";
import type { VersionFiles } from "./models.ts";
import { WINDOW } from "./timing.ts";
import { pastOfOrganisation, trainChampion } from "./train.ts";

/** What every play of a seed begins with. */
export type Beginning = {
  readonly version: VersionFiles;
  /** The ledger of a bot that has listened to all that the champion was trained on. */
  readonly documents: readonly PlainDocument[];
  /** Ids of the events in it. */
  readonly events: ReadonlySet<string>;
};

const VERSION = "version";
const LEDGER = "ledger.json";
const makers = ["beginning.ts", "train.ts", "timing.ts", "../simulation/memory-store.ts"].map((file) =>
  join(import.meta.dirname, file),
);

/** The folder of what every play of the seed begins with: made once for the same sources, which takes a minute. */
export const beginningOf = (seed: number): Promise<string> =>
  madeOnce(`chaos-${seed}`, makers, async (folder) => {
    const past = await pastOfOrganisation(seed);
    mkdirSync(join(folder, VERSION));
    for (const [file, bytes] of await trainChampion(past, seed))
      writeFileSync(join(folder, VERSION, file), bytes);
    const store = createMemoryStore();
    const ledger = createLedger(store);
    await ledger.recordPast(past, { windowMs: WINDOW });
    writeFileSync(join(folder, LEDGER), JSON.stringify(store.documents()));
  });

// Written above, and large: the outline is enough.
const isData = (value: unknown): boolean => typeof value === "object" && value !== null;
const ledgerFile = z.array(z.object({ path: z.string(), data: z.custom<DocumentData>(isData) }));

const known = new Map<string, Beginning>();

/** What is in such a folder, read once: plays change nothing of it. */
export function readBeginning(folder: string): Beginning {
  const before = known.get(folder);
  if (before !== undefined) return before;
  const documents = ledgerFile.parse(JSON.parse(readFileSync(join(folder, LEDGER), "utf8")));
  const events = documents.flatMap(({ path }) => /\/events\/([^/]+)$/.exec(path)?.[1] ?? []);
  const files = readdirSync(join(folder, VERSION));
  const version = new Map(
    files.map((file) => [file, new Uint8Array(readFileSync(join(folder, VERSION, file)))]),
  );
  const beginning = { version, documents, events: new Set(events) };
  known.set(folder, beginning);
  return beginning;
}
