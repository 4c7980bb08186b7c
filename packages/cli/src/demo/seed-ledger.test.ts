import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compareEvents, type IncidentEvent } from "@mrdata/incident";
import { createLedger, documentsOf } from "@mrdata/platform";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import { localFiles } from "@mrdata/runtime";
import { createOrganisation, historyOf } from "@mrdata/simulator";
import { expect, it, onTestFinished } from "vitest";
import { seedLedger } from "./seed-ledger.ts";

const WINDOW = 300_000;
const DAY = 86_400_000;

type Home = { readonly folder: string; documents(): Promise<readonly unknown[]> };

function home(): Home {
  const folder = mkdtempSync(join(tmpdir(), "mrdata-remember-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder,
    async documents() {
      const store = openEmbeddedStore({ file: localFiles(folder).ledger });
      try {
        const all: unknown[] = [];
        for await (const document of documentsOf(store)) all.push(document);
        return all;
      } finally {
        await store.close();
      }
    },
  };
}

/** The plain twin: as webhooks come, those of one moment in the order of a timeline, for events are numbered as they come. */
async function oneByOne(folder: string, history: readonly IncidentEvent[]): Promise<void> {
  const store = openEmbeddedStore({ file: localFiles(folder).ledger });
  const ledger = createLedger(store);
  await store.together(async () => {
    for (const event of history.toSorted(compareEvents))
      await ledger.recordEvent(event, { windowMs: WINDOW });
  });
  await ledger.close();
}

it("seeding in batches yields the same ledger as event by event", async () => {
  const to = Date.parse("2026-03-02T08:00:00Z");
  const from = to - DAY;
  const organisation = createOrganisation({ seed: 3, from, to, bot: null });
  const history = await historyOf(organisation, { seed: 3, from, to });
  const [batched, plain] = [home(), home()];
  const done: number[] = [];
  await seedLedger(batched.folder, history, WINDOW, (events) => done.push(events));
  await oneByOne(plain.folder, history);
  const documents = await plain.documents();
  expect(documents.length).toBeGreaterThan(history.length);
  expect(await batched.documents()).toEqual(documents);
  expect(done).toEqual(done.toSorted((a, b) => a - b));
});
