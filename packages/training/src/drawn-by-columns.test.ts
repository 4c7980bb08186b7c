import { comparePast, type PastIncident } from "@mrdata/incident";
import { organisationCounts } from "@mrdata/learning";
import { memoryResults } from "@mrdata/platform";
import fc from "fast-check";
import { expect, test } from "vitest";
import { linesOf } from "./bytes.ts";
import { chooseRows } from "./chosen-rows.ts";
import { limitPerService } from "./drawn.ts";
import { contentName } from "./names.ts";
import { byService, PARTITIONS, partitionOf } from "./partitions.ts";
import { placesByPartition } from "./places.ts";
import { readHeads } from "./read-heads.ts";
import { partNames, partsByPartition, readRows } from "./read-rows.ts";
import type { ReadHead, ReadIncident } from "./tasks/read.ts";

type Drawn = {
  readonly perService: number;
  readonly merged: number;
  readonly rows: readonly string[];
  readonly places: readonly (readonly [number, readonly number[]])[];
};
type Limits = { readonly maxRows: number; readonly windows: boolean };
type Known = { readonly head: ReadHead; readonly incident: ReadIncident };

/** What is to be drawn, plainly, with every incident as an object in memory. */
function plainly(history: readonly Known[], { maxRows, windows }: Limits): Drawn {
  const sorted = history.toSorted((a, b) => comparePast(a.incident, b.incident));
  const withMerged = windows && sorted.length <= maxRows;
  const rowsOf = Map.groupBy(
    sorted.filter(({ head }) => !head.merged),
    ({ head }) => head.service,
  );
  const perService = limitPerService(
    [...rowsOf.values()].map(({ length }) => length),
    maxRows,
  );
  const newest = new Set([...rowsOf.values()].flatMap((own) => own.slice(-perService)));
  const rows = sorted.filter((one) => newest.has(one) || (withMerged && one.head.merged));
  const rowOf = new Map(rows.map((one, row) => [one, row] as const));
  const live = sorted.filter(({ head }) => head.byFile !== true);
  const [all, ofLive] = [sorted, live].map((those) =>
    organisationCounts(those.map(({ incident }) => incident)),
  );
  const places: [number, number[]][] = [];
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const own = byService(
      history
        .filter(({ head }) => partitionOf(head.service) === partition)
        .map((one) => ({ ...one.head, one })),
      (a, b) => comparePast(a.one.incident, b.one.incident),
    );
    if (!own.some(({ one }) => rowOf.has(one))) continue;
    const numbers = own.flatMap(({ one }) => {
      const counts = one.head.byFile === true ? all?.(sorted.indexOf(one)) : ofLive?.(live.indexOf(one));
      return [rowOf.get(one) ?? -1, counts?.hour ?? -1, counts?.day ?? -1, counts?.week ?? -1];
    });
    places.push([partition, numbers]);
  }
  return {
    perService,
    merged: sorted.filter(({ head }) => head.merged).length,
    rows: rows.map(({ incident }) => JSON.stringify(incident)),
    places,
  };
}

/** Stores pages as `read` does, and draws of them by columns. */
async function byColumns(pagesOf: readonly (readonly Known[])[], limits: Limits): Promise<Drawn> {
  const results = memoryResults();
  const stored = async (kind: string, rows: readonly unknown[]) => {
    const bytes = linesOf(rows);
    const name = contentName(kind, bytes);
    await results.write(name, bytes);
    return name;
  };
  const read: { readonly heads: string; readonly parts: [number, string][] }[] = [];
  for (const page of pagesOf) {
    const parts: [number, string][] = [];
    for (const [partition, own] of Map.groupBy(page, ({ head }) => partitionOf(head.service)))
      parts.push([
        partition,
        await stored(
          "part",
          own.map(({ incident }) => incident),
        ),
      ]);
    read.push({
      heads: await stored(
        "heads",
        page.map(({ head }) => head),
      ),
      parts,
    });
  }
  const { heads, pages } = await readHeads(read, { results });
  const { rowOf, rows, perService, merged } = chooseRows(heads, limits);
  const parts = partsByPartition(read);
  expect(partNames(parts, 3)).toEqual(
    read.flatMap((one) => one.parts.flatMap(([own, name]) => (own === 3 ? [name] : []))),
  );
  const incidents = await readRows({ heads, pages, parts, rowOf, rows }, { results });
  return {
    perService,
    merged,
    rows: incidents.map((one) => JSON.stringify(one)),
    places: Array.from(placesByPartition(heads, rowOf), ({ partition, numbers }) => [
      partition,
      [...numbers],
    ]),
  };
}

const past: Omit<PastIncident, "id" | "service" | "createdAt"> = {
  title: "Disk 91% full",
  resolvedAt: null,
  resolvedBy: null,
  acknowledgedAt: null,
  takenOverAt: null,
  mergedInto: null,
  urgency: "high",
  details: {},
};
const HOUR = 3_600_000;
/** Ids of every kind, also with half a surrogate pair and beyond Latin-1; several incidents at the same moment. */
const someId = fc.oneof(
  fc.nat({ max: 500 }).map((number) => ({ id: String(number), numericId: true as const })),
  fc.string({ unit: "binary", minLength: 1, maxLength: 4 }).map((id) => ({ id })),
  fc
    .string({
      unit: fc.constantFrom("!", "A", "ÿ", "Ā", "\ud800", "\udc00", "\u{1F4BE}"),
      minLength: 1,
      maxLength: 3,
    })
    .map((id) => ({ id })),
);
const someKnown = fc
  .record({
    who: someId,
    service: fc.constantFrom("PDB", "PWEB", "PQUEUE", "PMAIL", "PÄ", "P1"),
    createdAt: fc.oneof(fc.nat({ max: 8 }), fc.nat({ max: 800 })).map((quarter) => (quarter * HOUR) / 4),
    merged: fc.boolean(),
    byFile: fc.boolean(),
  })
  .map(({ who, service, createdAt, merged, byFile }): Known => {
    const file = byFile ? { byFile: true as const } : {};
    return {
      head: { ...who, service, createdAt, merged, ...file },
      incident: { ...past, ...who, service, createdAt, ...file },
    };
  });
const someHistory = fc.uniqueArray(someKnown, { selector: ({ head }) => head.id, maxLength: 60 });

/** Cuts a history into pages, some of which may be empty. */
function pagesOf(history: readonly Known[], cuts: readonly number[]): readonly (readonly Known[])[] {
  const ends = [...cuts.map((cut) => cut % (history.length + 1)), history.length].toSorted((a, b) => a - b);
  return ends.map((end, i) => history.slice(ends[i - 1] ?? 0, end));
}

test("what is drawn by columns is what is drawn of objects, whatever comes in whatever order and pages", async () => {
  await fc.assert(
    fc.asyncProperty(
      someHistory,
      fc.array(fc.nat(), { maxLength: 4 }),
      fc.record({ maxRows: fc.integer({ min: 1, max: 70 }), windows: fc.boolean() }),
      async (history, cuts, limits) => {
        expect(await byColumns(pagesOf(history, cuts), limits)).toEqual(plainly(history, limits));
      },
    ),
    { numRuns: 300 },
  );
});

test("a history in order, as a ledger is read, is drawn like one out of order", async () => {
  const history = Array.from({ length: 3_000 }, (_, i): Known => {
    const who = { id: `Q${i}`, service: `PSVC${i % 7}`, createdAt: Math.floor(i / 3) * HOUR };
    return { head: { ...who, merged: i % 50 === 0 }, incident: { ...past, ...who } };
  }).toSorted((a, b) => comparePast(a.incident, b.incident));
  const limits = { maxRows: 200, windows: true };
  const wanted = plainly(history, limits);
  expect(wanted.perService).toBe(28);
  expect(await byColumns([history.slice(0, 1_700), history.slice(1_700)], limits)).toEqual(wanted);
  expect(await byColumns([history.toReversed()], limits)).toEqual(wanted);
});

test("a part that does not hold what its page tells of is not learnt from", async () => {
  const one = (id: string, createdAt: number): Known => ({
    head: { id, service: "PDB", createdAt, merged: false },
    incident: { ...past, id, service: "PDB", createdAt },
  });
  const [first, second] = [one("A", 1), one("B", 2)];
  const wrong: readonly (readonly Known[])[] = [
    [first, { ...second, incident: { ...second.incident, createdAt: 3 } }],
  ];
  await expect(byColumns(wrong, { maxRows: 5, windows: false })).rejects.toThrow(
    /^the parts part-[0-9a-f]+ do not hold the incidents that their page tells of$/,
  );
});
