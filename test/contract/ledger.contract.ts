import {
  detailSubject,
  detailsIn,
  recordAsOf,
  recordKeysOf,
  subjectsOf,
  type TrackRecord,
} from "@mrdata/incident";
import { createLedger, type DocumentStore, defaultSettings, type Ledger, withMode } from "@mrdata/platform";
import fc from "fast-check";
import { describe, expect, onTestFinished } from "vitest";
import { settingsSoFar } from "../../packages/platform/src/ledger/settings-versions.fixture.ts";
import { eventOf } from "../support/events.ts";
import { aPrediction } from "../support/predictions.ts";
import { PERSON } from "../support/webhooks.ts";
import { type Adapter, testOf } from "./adapter.ts";

const MINUTE = 60_000;
const START = Date.parse("2026-03-02T03:00:00Z");
const SERVICE = "PSVC001";
const TITLE = "Disk 91% full on db-3";
const RULES = { windowMs: 5 * MINUTE };

/** What the functions rely on, of the ledger over whichever store. `open` gives an empty store. */
export function ledgerContract(adapter: Adapter<DocumentStore>): void {
  const test = testOf(adapter);
  const open = async () => {
    const store = await adapter.open();
    onTestFinished(() => store.close());
    return { store, ledger: createLedger(store) };
  };
  const told = (incident: string, type: string, after = 0, more = {}) =>
    eventOf({ type, incident, at: START + after, service: SERVICE, title: TITLE, ...more });
  const recordsOf = async (ledger: Ledger, subject = 1): Promise<readonly TrackRecord[]> =>
    (await ledger.trackRecords(subjectsOf(SERVICE, TITLE), RULES.windowMs))[subject]?.records ?? [];
  /** Opened incidents that the service's records count, over all shards. */
  const openedIn = (records: readonly TrackRecord[]) =>
    records
      .flatMap((record) => Object.values(record.days))
      .reduce((sum, counts) => sum + (counts[0] ?? 0), 0);

  describe(`ledger (${adapter.name})`, () => {
    test("an incident is its events in the order they happened, whatever order they came in", async () => {
      const { ledger } = await open();
      const [opened, closed] = [told("P1", "triggered"), told("P1", "resolved", MINUTE)];
      expect(await ledger.incident("P1")).toBeNull();
      expect((await ledger.recordEvent(closed, RULES)).fresh).toBe(true);
      expect((await ledger.recordEvent(opened, RULES)).fresh).toBe(true);
      const known = await ledger.incident("P1");
      expect(known?.events.map(({ type }) => type)).toEqual(["triggered", "resolved"]);
      expect(known?.state).toMatchObject({
        service: SERVICE,
        status: "resolved",
        outcome: "self-resolved",
        openedAt: START,
        closedAt: START + MINUTE,
      });
      expect(openedIn(await recordsOf(ledger))).toBe(1);
    });

    test("details that are told late teach the records of their texts the whole incident, and in any order the same", async () => {
      const events = [
        told("P1", "triggered"),
        {
          ...told("P1", "triggered"),
          id: "P1.described",
          type: "described" as const,
          actor: "bot" as const,
          details: { numbers: { load: 0.5 }, texts: { region: "north" } },
        },
        told("P1", "resolved", MINUTE),
      ];
      const subject = detailSubject(SERVICE, "region", "north");
      const seen = [];
      for (const order of [
        [0, 1, 2],
        [2, 1, 0],
        [0, 2, 1],
      ]) {
        const { ledger } = await open();
        for (const i of order) {
          const event = events[i];
          if (event !== undefined) await ledger.recordEvent(event, RULES);
        }
        const [read] = await ledger.trackRecords([subject], RULES.windowMs);
        expect(Object.values(read?.versions ?? {}).reduce((sum, version) => sum + version, 0)).toBe(3);
        const known = await ledger.incident("P1");
        expect(known?.state.outcome).toBe("self-resolved");
        expect(detailsIn(known?.events ?? [])).toEqual({
          numbers: { load: 0.5 },
          texts: { region: "north" },
        });
        const key = Object.entries(read?.versions ?? {}).find(([, version]) => version === 3)?.[0] ?? "";
        expect(recordAsOf(key, 3, known?.events ?? [], RULES)).toEqual(read?.records[0]);
        seen.push(read?.records);
      }
      expect(seen[1]).toEqual(seen[0]);
      expect(seen[2]).toEqual(seen[0]);
    });

    test("promoting moves the champion's alias and keeps the one before", async () => {
      const { ledger } = await open();
      expect(await ledger.alias("champion")).toBeNull();
      for (const version of ["v1", "v2", "v2"]) await ledger.promote(version);
      expect(await ledger.alias("champion")).toBe("v2");
      expect(await ledger.alias("previous")).toBe("v1");
      expect(await ledger.alias("challenger")).toBeNull();
    });

    test("the whole past is read by time of opening, page by page, each incident once", async () => {
      const { ledger } = await open();
      const ids = Array.from({ length: 250 }, (_, i) => `P${String(i).padStart(3, "0")}`);
      // Many at one moment: a page ends among them.
      await Promise.all(
        ids.map((id, i) => ledger.recordEvent(told(id, "triggered", i < 220 ? 0 : i * 1000), RULES)),
      );
      const read = [];
      for await (const { state, events } of ledger.pastIncidents()) {
        expect(events).toHaveLength(1);
        read.push(state.incident);
      }
      expect(read).toHaveLength(250);
      expect(read.toSorted()).toEqual(ids);
      expect(read.slice(220)).toEqual(ids.slice(220));
    });

    test("the same event again writes nothing, also when both come at once", async () => {
      const { ledger } = await open();
      const event = told("P1", "triggered");
      const recorded = await Promise.all(Array.from({ length: 5 }, () => ledger.recordEvent(event, RULES)));
      expect(recorded.filter(({ fresh }) => fresh)).toHaveLength(1);
      expect((await ledger.incident("P1"))?.events).toHaveLength(1);
      const versions = (await ledger.trackRecords(subjectsOf(SERVICE, TITLE), RULES.windowMs))[0]?.versions;
      expect(Object.values(versions ?? {}).reduce((sum, version) => sum + version, 0)).toBe(1);
    });

    test("events doubled, shuffled and side by side leave the same records as in order", async () => {
      const events = ["P1", "P2", "P3"].flatMap((incident, i) => [
        told(incident, "triggered", i * MINUTE),
        told(incident, "acknowledged", (i + 1) * MINUTE, { agent: PERSON }),
        told(incident, "resolved", (i + 2 + 5 * i) * MINUTE),
      ]);
      const stateAfter = async (order: readonly (readonly (typeof events)[number][])[]) => {
        const { ledger } = await open();
        for (const together of order)
          await Promise.all(together.map((event) => ledger.recordEvent(event, RULES)));
        const known = await Promise.all(["P1", "P2", "P3"].map((id) => ledger.incident(id)));
        const records = [...(await recordsOf(ledger, 0)), ...(await recordsOf(ledger, 1))];
        return { states: known.map((one) => one?.state), records };
      };
      const inOrder = await stateAfter(events.map((event) => [event]));
      expect(inOrder.states.map((state) => state?.outcome)).toEqual([
        "self-resolved",
        "needed-human",
        "needed-human",
      ]);
      await fc.assert(
        fc.asyncProperty(
          fc.shuffledSubarray([...events, ...events], { minLength: 2 * events.length }),
          fc.integer({ min: 1, max: 4 }),
          async (order, together) => {
            const groups = Array.from({ length: Math.ceil(order.length / together) }, (_, i) =>
              order.slice(i * together, (i + 1) * together),
            );
            expect(await stateAfter(groups)).toEqual(inOrder);
          },
        ),
        { numRuns: 5 },
      );
    });

    test("500 incidents at once on one service, taken by two processes, are all counted, by records that do not queue on one document", async () => {
      const { ledger, store } = await open();
      const processes = [ledger, createLedger(store)];
      const waiting = Array.from({ length: 500 }, (_, i) => told(`PSTORM${i}`, "triggered", i));
      await Promise.all(
        Array.from({ length: 32 }, async (_, i) => {
          for (let event = waiting.pop(); event !== undefined; event = waiting.pop())
            await processes[i % 2]?.recordEvent(event, RULES);
        }),
      );
      const records = await recordsOf(ledger);
      expect(openedIn(records)).toBe(500);
      expect(records.length).toBeGreaterThan(1);
      expect(Math.max(...records.map(({ version }) => version))).toBeLessThan(200);
      const counts = await ledger.organisationCounts(START + 10 * MINUTE);
      expect(counts).toEqual({ hour: 500, day: 500, week: 500 });
    });

    test("every event keeps the number that its records' versions had", async () => {
      const { ledger } = await open();
      for (const [type, after] of [
        ["triggered", 0],
        ["acknowledged", 1],
        ["resolved", 2],
      ] as const)
        await ledger.recordEvent(told("P1", type, after * MINUTE), RULES);
      const applied = (await ledger.incident("P1"))?.events.map((event) => Object.values(event.applied));
      expect(applied).toEqual([
        [1, 1, 1, 1, 1],
        [2, 2, 2, 2, 2],
        [3, 3, 3, 3, 3],
      ]);
    });

    test("a record that was never written is at version 0", async () => {
      const { ledger } = await open();
      const subjects = subjectsOf(SERVICE, TITLE);
      const [read] = await ledger.trackRecords(subjects, RULES.windowMs);
      const keys = subjects[0] === undefined ? [] : recordKeysOf(subjects[0], RULES.windowMs);
      expect(read).toEqual({ records: [], versions: Object.fromEntries(keys.map((key) => [key, 0])) });
    });

    test("what the organisation opened is counted before the moment, within hour, day and week", async () => {
      const { ledger } = await open();
      const now = START;
      for (const [i, age] of [
        0,
        1,
        59 * MINUTE,
        61 * MINUTE,
        25 * 60 * MINUTE,
        8 * 24 * 60 * MINUTE,
      ].entries())
        await ledger.recordEvent(told(`P${i}`, "triggered", -age), RULES);
      expect(await ledger.organisationCounts(now)).toEqual({ hour: 2, day: 3, week: 4 });
      // What opens within the same second shares the counts; a second later they are counted anew.
      await ledger.recordEvent(told("PNEXT", "triggered", 500), RULES);
      expect(await ledger.organisationCounts(now + 999)).toEqual({ hour: 2, day: 3, week: 4 });
      expect(await ledger.organisationCounts(now + 1_000)).toEqual({ hour: 4, day: 5, week: 6 });
      expect(await ledger.organisationCounts(now)).toEqual({ hour: 2, day: 3, week: 4 });
    });

    test("an incident has one prediction for ever: the first stands", async () => {
      const { ledger } = await open();
      const first = aPrediction({ incident: "P1", decision: "page" });
      const made = await Promise.all([
        ledger.createPrediction(first),
        ledger.createPrediction(first),
        ledger.createPrediction(first),
      ]);
      expect(made.filter(Boolean)).toHaveLength(1);
      expect(await ledger.createPrediction(aPrediction({ incident: "P1", decision: "hold" }))).toBe(false);
      expect(await ledger.prediction("P1")).toEqual(first);
      expect(await ledger.prediction("P2")).toBeNull();

      const taken = { action: "paged", sentence: "level 2 was paged", at: START } as const;
      await ledger.noteAction("P1", taken);
      await ledger.noteAction("P2", taken);
      expect((await ledger.prediction("P1"))?.taken).toEqual(taken);
      expect(await ledger.prediction("P2")).toBeNull();
    });

    test("of those who would write a note at the same moment one may, and five minutes later one again", async () => {
      const { ledger } = await open();
      expect(await ledger.claimNote("P1", START)).toBe(false);
      await ledger.createPrediction(aPrediction({ incident: "P1" }));
      const claims = await Promise.all([1, 2, 3].map((i) => ledger.claimNote("P1", START + i)));
      expect(claims.filter(Boolean)).toHaveLength(1);
      expect(await ledger.claimNote("P1", START + 4 * MINUTE)).toBe(false);
      await ledger.noteAction("P1", { action: "paged", sentence: "level 2 was paged", at: START });
      expect(await ledger.claimNote("P1", START + 4 * MINUTE)).toBe(false);
      expect(await ledger.claimNote("P1", START + 6 * MINUTE)).toBe(true);
      const answers = [1, 2, 3].map((i) => ledger.claimNote("P1", START + i, "disarm"));
      expect((await Promise.all(answers)).filter(Boolean)).toHaveLength(1);
      expect(await ledger.claimNote("P1", START + 4, "never hold this")).toBe(true);
      expect(await ledger.claimNote("P1", START + 5 * MINUTE, "never hold this")).toBe(false);
      expect(await ledger.claimNote("P1", START + 6 * MINUTE, "disarm")).toBe(true);
      expect(await ledger.claimNote("PNONE", START, "disarm")).toBe(true);
    });

    test("predictions are listed newest first, of all services or of one", async () => {
      const { ledger } = await open();
      for (const [incident, service, openedAt] of [
        ["P1", "PA", 1],
        ["P2", "PB", 3],
        ["P3", "PA", 2],
      ] as const)
        await ledger.createPrediction(aPrediction({ incident, service, openedAt: START + openedAt }));
      const ids = async (options: { limit: number; service?: string }) =>
        (await ledger.predictions(options)).map(({ incident }) => incident);
      expect(await ids({ limit: 10 })).toEqual(["P2", "P3", "P1"]);
      expect(await ids({ limit: 1 })).toEqual(["P2"]);
      expect(await ids({ limit: 10, service: "PA" })).toEqual(["P3", "P1"]);
    });

    test("incidents of one alert type are listed newest first", async () => {
      const { ledger } = await open();
      for (const [i, title] of [TITLE, "Checkout is slow", "Disk 12% full on db-7"].entries())
        await ledger.recordEvent(told(`P${i}`, "triggered", i, { title }), RULES);
      const alertType = (await ledger.incident("P0"))?.state.alertType ?? "";
      const found = async (before: number, limit = 10) =>
        (await ledger.incidentsOfAlertType(alertType, { before, limit })).map(({ incident }) => incident);
      expect(await found(START + 10)).toEqual(["P2", "P0"]);
      expect(await found(START + 10, 1)).toEqual(["P2"]);
      // Those that opened before, and not the one that is asked about.
      expect(await found(START + 2)).toEqual(["P0"]);
    });

    test("holds are found by their end and until they are settled; the first end stands, and misses are counted", async () => {
      const { ledger } = await open();
      const hold = (incident: string, minutes: number) =>
        ledger.createPrediction(
          aPrediction({ incident, holdUntil: START + minutes * MINUTE, unsettled: true }),
        );
      await hold("P1", 5);
      await hold("P2", 10);
      await ledger.createPrediction(aPrediction({ incident: "P3", decision: "page", holdUntil: null }));
      const ids = (list: readonly { readonly incident: string }[]) => list.map(({ incident }) => incident);
      expect(ids(await ledger.holdsSince(START))).toEqual(["P1", "P2"]);
      expect(ids(await ledger.holdsSince(START + 5 * MINUTE))).toEqual(["P2"]);
      await ledger.endHold("P1", { at: START + 1, why: "it resolved" });
      await ledger.endHold("P1", { at: START + 2, why: "again" });
      await ledger.endHold("P3", { at: START + 2, why: "was never held" });
      expect((await ledger.prediction("P1"))?.ended).toEqual({ at: START + 1, why: "it resolved" });
      expect((await ledger.prediction("P3"))?.ended).toBeUndefined();
      await ledger.settleHold("P1", null);
      await ledger.settleHold("P2", START + 10 * MINUTE);
      await ledger.settleHold("P2", null);
      await ledger.endHold("PNOBODY", { at: 1, why: "there is none" });
      expect(await ledger.unsettledHolds()).toEqual([]);
      const missed = (since: number, ...services: readonly string[]) =>
        ledger.missCounts(services.map((service) => ({ service, since: START, missesSince: since })));
      expect(await missed(START, "PSVC001")).toEqual({ misses: 1, neededHuman: 1 });
      expect(await missed(START, "PSVC001", "PANOTHER")).toEqual({ misses: 1, neededHuman: 1 });
      expect(await missed(START, "PANOTHER")).toEqual({ misses: 0, neededHuman: 0 });
      expect(await missed(START + 11 * MINUTE, "PSVC001")).toEqual({ misses: 0, neededHuman: 0 });
      expect(
        await ledger.missCounts([
          { service: "PSVC001", since: START + 61 * MINUTE, missesSince: START + 11 * MINUTE },
        ]),
      ).toEqual({ misses: 0, neededHuman: 0 });
      const trail = (since: number) =>
        ledger.missTrail([{ service: "PSVC001", since: START, missesSince: since }]);
      expect(await trail(START)).toEqual([{ incident: "P2", openedAt: expect.any(Number), missed: true }]);
      expect(await trail(START + 61 * MINUTE)).toEqual([]);
      await ledger.reopenHold("P1");
      await ledger.reopenHold("P2");
      expect(ids(await ledger.unsettledHolds())).toEqual(["P2"]);
      expect((await missed(START, "PSVC001")).misses).toBe(0);
      await ledger.recordEvent(told("P4", "triggered"), RULES);
      await ledger.recordEvent(told("P4", "resolved", 60 * MINUTE), RULES);
      await ledger.recordEvent(told("P5", "triggered", 1), RULES);
      await ledger.recordEvent(told("P5", "resolved", 50 * MINUTE), RULES);
      expect((await missed(START, "PSVC001")).neededHuman).toBe(2);
      expect((await missed(START, "PANOTHER")).neededHuman).toBe(0);
      expect((await trail(START)).map(({ incident, missed: miss }) => [incident, miss]).sort()).toEqual([
        ["P4", false],
        ["P5", false],
      ]);
      expect(await ledger.openedWithin(START + MINUTE, MINUTE)).toBe(2);
      expect(await ledger.openedWithin(START, MINUTE)).toBe(1);
    });

    test("records are read beside what was recorded of an incident itself, in one read where that is its opening alone", async () => {
      const { store, ledger } = await open();
      const asked = { reads: 0, queries: 0 };
      const other = createLedger({
        ...store,
        getAll: (all) => {
          asked.reads++;
          return store.getAll(all);
        },
        query: (query) => {
          asked.queries++;
          return store.query(query);
        },
      });
      const opening = told("P1", "triggered");
      const subjects = subjectsOf(SERVICE, TITLE);
      const beside = async () => {
        const read = await other.recordsBeside(opening, { subjects, windowMs: RULES.windowMs });
        expect(read.records).toEqual(await ledger.trackRecords(subjects, RULES.windowMs));
        return read.own;
      };
      const events = async () => (await ledger.incident("P1"))?.events;
      await ledger.recordEvent(told("P2", "triggered"), RULES);
      expect(await beside()).toEqual([]);
      await ledger.recordEvent(opening, RULES);
      expect(await beside()).toEqual(await events());
      expect(asked).toEqual({ reads: 2, queries: 0 });
      await ledger.recordEvent(told("P1", "resolved", MINUTE), RULES);
      expect(await events()).toHaveLength(2);
      expect(await beside()).toEqual(await events());
      // Of another event than the one that was told.
      await ledger.recordEvent(told("P3", "acknowledged"), RULES);
      const { own } = await other.recordsBeside(told("P3", "triggered"), {
        subjects,
        windowMs: RULES.windowMs,
      });
      expect(own?.map(({ type }) => type)).toEqual(["acknowledged"]);
      await store.set("incidents/P1", { incident: 7 });
      expect((await other.recordsBeside(opening, { subjects, windowMs: RULES.windowMs })).own).toBeNull();
    });

    test("openings one after the other are written without a read, and those of two processes are all counted once", async () => {
      const { store, ledger } = await open();
      let reads = 0;
      let transactions = 0;
      const other = createLedger({
        ...store,
        getAll: (all) => {
          reads++;
          return store.getAll(all);
        },
        transaction: (work) => {
          transactions++;
          return store.transaction(work);
        },
      });
      const opening = (i: number) => told(`P${i}`, "triggered", i);
      for (let i = 0; i < 40; i++) expect((await other.recordEvent(opening(i), RULES)).fresh).toBe(true);
      // One for each shard of the service, or of the alert type.
      expect(reads).toBe(4);
      expect(transactions).toBe(0);
      // Told again, and overtaken by another process.
      expect((await other.recordEvent(opening(0), RULES)).fresh).toBe(false);
      for (let i = 40; i < 80; i++)
        expect((await (i % 3 === 0 ? ledger : other).recordEvent(opening(i), RULES)).fresh).toBe(true);
      for (let i = 0; i < 80; i++)
        for (const one of [ledger, other])
          expect((await one.recordEvent(opening(i), RULES)).fresh).toBe(false);
      await ledger.recordEvent(told("P79", "resolved", MINUTE), RULES);
      await other.recordEvent(told("P79", "acknowledged", MINUTE - 1), RULES);
      await other.recordEvent(opening(80), RULES);
      expect(openedIn(await recordsOf(ledger))).toBe(81);
      expect(openedIn(await recordsOf(ledger, 0))).toBe(81);
      const [read] = await ledger.trackRecords(subjectsOf(SERVICE, TITLE), RULES.windowMs);
      const events = await Promise.all(
        Array.from({ length: 81 }, async (_, i) => (await ledger.incident(`P${i}`))?.events ?? []),
      );
      for (const [key, version] of Object.entries(read?.versions ?? {})) {
        const numbers = events.flat().flatMap(({ applied }) => applied[key] ?? []);
        expect(numbers.toSorted((one, two) => one - two)).toEqual(
          Array.from({ length: version }, (_, i) => i + 1),
        );
      }
    });

    test("holds are as they were when they were asked for, whoever changed them; unchanged, they are not queried again", async () => {
      const { store, ledger } = await open();
      let queried = 0;
      const other = createLedger({
        ...store,
        query: (query) => {
          queried++;
          return store.query(query);
        },
      });
      const held = async (at = START) =>
        (await other.holdsSince(at)).map(({ incident, ended, taken, missedAt }) =>
          [incident, ended?.why, taken.action, missedAt].filter((one) => one !== undefined).join(" "),
        );
      const hold = (incident: string, minutes: number) =>
        ledger.createPrediction(
          aPrediction({ incident, holdUntil: START + minutes * MINUTE, unsettled: true }),
        );
      expect(await held()).toEqual([]);
      await hold("P1", 5);
      expect(await held()).toEqual(["P1 none"]);
      await hold("P2", 10);
      expect(await held()).toEqual(["P1 none", "P2 none"]);
      await ledger.endHold("P1", { at: START + 1, why: "resolved" });
      expect(await held()).toEqual(["P1 resolved none", "P2 none"]);
      await ledger.noteAction("P2", { action: "paged", sentence: "Escalated to level 2.", at: START + 2 });
      expect(await held()).toEqual(["P1 resolved none", "P2 paged"]);
      await ledger.settleHold("P2", START + 3);
      expect(await held()).toEqual(["P1 resolved none", `P2 paged ${START + 3}`]);
      await ledger.reopenHold("P2");
      expect(await held()).toEqual(["P1 resolved none", "P2 paged"]);

      const before = queried;
      await ledger.createPrediction(aPrediction({ incident: "P3", decision: "page", holdUntil: null }));
      await ledger.noteAction("P3", { action: "paged", sentence: "Escalated to level 2.", at: START });
      await ledger.endHold("P1", { at: START + 4, why: "again" });
      expect(await held(START + 1)).toEqual(["P1 resolved none", "P2 paged"]);
      expect(queried).toBe(before);
      // A window that has ended meanwhile; and what is asked of an earlier moment was not all found.
      expect(await held(START + 5 * MINUTE)).toEqual(["P2 paged"]);
      expect(await held(START)).toEqual(["P1 resolved none", "P2 paged"]);
    });

    test("a hold that is stored while the holds are queried is not missed by the next who asks", async () => {
      const { store, ledger } = await open();
      let between: () => Promise<unknown> = async () => {};
      const other = createLedger({
        ...store,
        async query(query) {
          const found = await store.query(query);
          await between();
          between = async () => {};
          return found;
        },
      });
      between = () => ledger.createPrediction(aPrediction({ incident: "P1", holdUntil: START + MINUTE }));
      await other.holdsSince(START);
      expect((await other.holdsSince(START)).map(({ incident }) => incident)).toEqual(["P1"]);
    });

    test("of two words on one alert type the later stands, in whatever order they come; the first action is told from the next", async () => {
      const { ledger } = await open();
      const word = (allowed: boolean, at: number) => ({ allowed, who: "PROBIN", at, incident: "P1" });
      expect(await ledger.alertTypeFeedback("a")).toEqual({ hold: null });
      await ledger.noteFeedback("a", word(true, START + 1));
      await ledger.noteFeedback("a", word(false, START));
      expect(await ledger.alertTypeFeedback("a")).toEqual({ hold: word(true, START + 1) });
      // At the same moment the more careful counts, in whatever order they come.
      await ledger.noteFeedback("a", word(false, START + 1));
      expect(await ledger.alertTypeFeedback("a")).toEqual({ hold: word(false, START + 1) });
      await ledger.noteFeedback("a", word(true, START + 1));
      expect(await ledger.alertTypeFeedback("a")).toEqual({ hold: word(false, START + 1) });
      for (const order of [
        ["P1", "P2"],
        ["P2", "P1"],
      ]) {
        for (const incident of order)
          await ledger.noteFeedback(order.join(), { ...word(true, START), incident });
        expect(await ledger.alertTypeFeedback(order.join())).toEqual({ hold: word(true, START) });
      }
      await ledger.createPrediction(aPrediction({ incident: "P1" }));
      const paged = { action: "paged" as const, sentence: "Escalated to level 2.", at: START };
      expect(await ledger.noteAction("P1", paged)).toBe(true);
      expect(await ledger.noteAction("P1", paged)).toBe(false);
      expect(await ledger.noteAction("PNOBODY", paged)).toBe(false);
    });

    test("settings nobody wrote are the cautious ones; settings of another make are an error that names the field", async () => {
      const { ledger, store } = await open();
      expect(await ledger.settings()).toEqual(defaultSettings);
      const settings = withMode(
        defaultSettings,
        SERVICE,
        { mode: "armed", policy: "PARMED" },
        { who: "PROBIN", at: START, why: "it was quiet" },
      );
      await ledger.saveSettings(settings);
      expect(await ledger.settings()).toEqual(settings);
      await store.set("settings/bot", { ...settings, schema: 99 });
      await expect(ledger.settings()).rejects.toThrow(/settings\/bot.*schema.*99/s);
      await store.set("settings/bot", { ...settings, services: { [SERVICE]: { mode: "reckless" } } });
      await expect(ledger.settings()).rejects.toThrow(/settings\/bot.*services\.PSVC001\.mode/s);
    });

    for (const [version, stored] of settingsSoFar)
      test(`settings of ${version} are read, arm, and keep what is not known`, async () => {
        const { ledger, store } = await open();
        await store.set("settings/bot", { ...stored, quietly: { added: [1, "x"] } });
        const before = await ledger.settings();
        expect(before).toEqual({
          ...defaultSettings,
          ...stored,
          ...{ schema: 2, services: before.services },
          quietly: { added: [1, "x"] },
        });
        const policy = { mode: "armed" as const, policy: "PNEW" };
        const by = { who: "PROBIN", at: START, why: "it was quiet" };
        await ledger.changeSettings((settings) => withMode(settings, "PDATABASE", policy, by));
        expect(await ledger.settings()).toEqual({
          ...before,
          services: { PDATABASE: { ...policy, ...by } },
        });
        expect(Object.hasOwn((await store.get("settings/bot"))?.data ?? {}, "rails")).toBe("rails" in stored);
      });

    test("the last failure of a message is found by its id", async () => {
      const { ledger } = await open();
      expect(await ledger.failure("17")).toBeNull();
      await ledger.noteFailure("17", { reason: "first", source: "record", at: START });
      await ledger.noteFailure("17", { reason: "second", source: "record", at: START + 1 });
      expect(await ledger.failure("17")).toEqual({ reason: "second", source: "record", at: START + 1 });
    });

    test("what checks could not answer is kept by service, the last of it alone", async () => {
      const { ledger, store } = await open();
      expect(await ledger.lastChecks()).toEqual({ answeredAt: null, unknown: [] });
      const unknown = { service: SERVICE, check: "level-2", sentence: "Who is on call?", since: START };
      const last = { answeredAt: START, unknown: [unknown, { ...unknown, service: "PSHOP" }] };
      await ledger.noteLastChecks(last);
      expect(await ledger.lastChecks()).toEqual(last);
      await ledger.noteLastChecks({ answeredAt: null, unknown: [] });
      expect(await ledger.lastChecks()).toEqual({ answeredAt: null, unknown: [] });
      // As an earlier version wrote it.
      await store.set("marks/checks", { unknown: [unknown] });
      expect(await ledger.lastChecks()).toEqual({ answeredAt: null, unknown: [unknown] });
      await store.set("marks/checks", { unknown: [{ ...unknown, since: "lately" }] });
      await expect(ledger.lastChecks()).rejects.toThrow(/marks\/checks.*since/s);
    });

    test("the armings by which evidence is counted are kept, the last of them alone", async () => {
      const { ledger, store } = await open();
      expect(await ledger.countedArmings()).toBeNull();
      const armings = [SERVICE, "PSHOP"].map((service) => ({ service, since: START }));
      await ledger.noteCountedArmings(armings);
      expect(await ledger.countedArmings()).toEqual(armings);
      await ledger.noteCountedArmings([]);
      expect(await ledger.countedArmings()).toEqual([]);
      await store.set("marks/armings", { armings: [{ service: SERVICE, since: "lately" }] });
      await expect(ledger.countedArmings()).rejects.toThrow(/marks\/armings.*since/s);
    });

    test("ids that come from outside never leave their place", async () => {
      const { ledger, store } = await open();
      await ledger.recordEvent(told("../settings/bot", "triggered"), RULES);
      await ledger.recordEvent(told("a/b", "triggered", 0, { id: "x/../y" }), RULES);
      expect(await ledger.settings()).toEqual(defaultSettings);
      expect((await ledger.incident("a/b"))?.events[0]?.id).toBe("x/../y");
      expect(await store.count({ collection: "incidents" })).toBe(2);
    });
  });
}
