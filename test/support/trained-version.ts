import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRandom } from "@mrdata/forest";
import type { PastIncident } from "@mrdata/incident";
import { trainVersion, type VersionFile, versionFiles, writeVersion } from "@mrdata/learning";
import type { ModelStore } from "@mrdata/platform";
import { madeOnce } from "./made-once.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A made-up past of 400 incidents that ends at `until`: a disk that resolves itself, a checkout that never does. */
export function somePast(until: number): readonly PastIncident[] {
  const random = createRandom(7);
  return Array.from({ length: 400 }, (_, i): PastIncident => {
    const disk = random.next() < 0.5;
    const itself = random.next() < (disk ? 0.98 : 0.05);
    const createdAt = until - (400 - i) * 90 * MINUTE;
    return {
      id: `PAST${i}`,
      service: "PDATABASE",
      title: disk ? "Disk 91% full on db-3" : "Checkout answers 503",
      createdAt,
      resolvedAt: createdAt + (itself ? 1 + random.below(4) : 20 + random.below(60)) * MINUTE,
      resolvedBy: itself ? "integration" : "human",
      acknowledgedAt: null,
      takenOverAt: null,
      mergedInto: null,
      urgency: "high",
      details: { load: random.below(100) / 100, region: random.below(2) === 0 ? "north" : "south" },
    };
  });
}

type Told = {
  /** It tells of other hold windows too. */
  readonly windows?: boolean;
};

/** The files of a version that was trained on it, for a hold window of five minutes. */
export async function someVersion(
  until: number,
  told: Told = {},
): Promise<ReadonlyMap<VersionFile, Uint8Array>> {
  const folder = await someVersionFolder(until, told);
  return new Map(versionFiles.map((file) => [file, readFileSync(join(folder, file))]));
}

/** A folder with these files, called v1. Training is the same bit for bit, so it is done once for the same sources. */
export async function someVersionFolder(until: number, { windows = false }: Told = {}): Promise<string> {
  const name = `version-${until}${windows ? "-windows" : ""}`;
  const home = await madeOnce(name, [import.meta.filename], async (half) => {
    const version = await trainVersion(somePast(until), {
      windowMs: 5 * MINUTE,
      refits: 2,
      seed: 1,
      trees: 20,
      rule: { precision: 0.9, rows: 20, missBudget: 0.1 },
      now: until,
      windows,
    });
    mkdirSync(join(half, "v1"));
    for (const [file, bytes] of writeVersion(version, () => "<!doctype html>"))
      writeFileSync(join(half, "v1", file), bytes);
  });
  return join(home, "v1");
}

/** An hour ago or two, the same for whoever asks within an hour: a version of then is trained once. */
export const anHourAgo = (): number => (Math.floor(Date.now() / HOUR) - 1) * HOUR;

/** A store of these versions, in memory. */
export const modelsOf = (
  versions: Readonly<Record<string, ReadonlyMap<string, Uint8Array>>>,
): ModelStore => ({
  versions: async () => Object.keys(versions),
  read: async (version, file) => versions[version]?.get(file) ?? null,
  publish: async () => {
    throw new Error("nothing is published here");
  },
});
