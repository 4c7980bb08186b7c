import { eventsOf, type PastIncident, type Prediction, shardOf } from "@mrdata/incident";
import {
  createLedger,
  type DocumentData,
  DocumentExistsError,
  type DocumentStore,
  isUnreadable,
  type Ledger,
} from "@mrdata/platform";
import { describe, expect, onTestFinished } from "vitest";
import { eventOf } from "../support/events.ts";
import { aPrediction } from "../support/predictions.ts";
import { type Adapter, testOf } from "./adapter.ts";

const MINUTE = 60_000;
const START = Date.parse("2026-03-02T03:00:00Z");
const END = START + 5 * MINUTE;
const SERVICE = "PSVC001";
const TITLE = "Disk 91% full on db-3";
const RULES = { windowMs: 5 * MINUTE };

const hold = (incident: string): Prediction =>
  aPrediction({ incident, openedAt: START, decidedAt: START, holdUntil: END, unsettled: true });

/** Holds of which something cannot be read, each in its own way. */
const broken: Readonly<Record<string, DocumentData>> = {
  PNOTHING: { holdUntil: END, unsettled: true },
  PSERVICE: { ...hold("PSERVICE"), service: 7 },
  POPENED: { ...hold("POPENED"), openedAt: "yesterday" },
  PUNTIL: { ...hold("PUNTIL"), holdUntil: "soon" },
  PTAKEN: { ...hold("PTAKEN"), taken: "paged" },
  PENDED: { ...hold("PENDED"), ended: { why: "nobody knows" } },
};

async function idsOf(pasts: ReturnType<Ledger["pastIncidents"]>): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { state } of pasts) ids.push(state.incident);
  return ids;
}

/** One document that cannot be read, or one incident that cannot be kept, costs itself and nothing else; over whichever store. */
export function setAsideContract(adapter: Adapter<DocumentStore>): void {
  const test = testOf(adapter);
  const open = async () => {
    const store = await adapter.open();
    onTestFinished(() => store.close());
    const told: string[] = [];
    const ledger = createLedger(store, { setAside: ({ message }) => told.push(message) });
    return { store, ledger, told };
  };
  const opening = (incident: string, after = 0) =>
    eventOf({ type: "triggered", incident, at: START + after, service: SERVICE, title: TITLE });
  const ids = (list: readonly { readonly incident: string }[]) => list.map(({ incident }) => incident);

  describe(`what cannot be read is set aside (${adapter.name})`, () => {
    test("a hold is named once, counts among the holds, and is settled as a miss; the others are as they were", async () => {
      const { store, ledger, told } = await open();
      await ledger.createPrediction(hold("PFINE"));
      for (const [incident, data] of Object.entries(broken)) await store.set(`predictions/${incident}`, data);
      const unsettled = await ledger.unsettledHolds();
      expect(ids(unsettled).toSorted()).toEqual(["PFINE", ...Object.keys(broken)].toSorted());
      expect(ids(unsettled.filter(isUnreadable)).toSorted()).toEqual(Object.keys(broken).toSorted());
      expect(ids(await ledger.holdsSince(START)).toSorted()).toEqual(
        ["PFINE", ...Object.keys(broken).filter((incident) => incident !== "PUNTIL")].toSorted(),
      );
      expect(unsettled.find(({ incident }) => incident === "PTAKEN")).toMatchObject({
        service: SERVICE,
        openedAt: START,
        holdUntil: END,
        decision: "hold",
      });
      await ledger.unsettledHolds();
      expect(told.toSorted()).toEqual(
        Object.keys(broken)
          .toSorted()
          .map((incident) => expect.stringContaining(`document predictions/${incident} cannot be read`)),
      );
      // What was read stands; nothing is made of what was not.
      await ledger.endHold("PTAKEN", { at: START, why: "it resolved" });
      expect(await ledger.noteAction("PTAKEN", { action: "paged", sentence: "", at: START })).toBe(false);
      for (const { incident } of unsettled) await ledger.settleHold(incident, END);
      await ledger.settleHold("PNOTHING", null);
      expect(await ledger.unsettledHolds()).toEqual([]);
      const misses = Object.keys(broken).length + 1;
      expect(await ledger.missCounts([{ service: SERVICE, since: START, missesSince: START }])).toEqual({
        misses,
        neededHuman: misses,
      });
      // Two of them of no service that anybody can read: they count against every other service, too.
      expect(await ledger.missCounts([{ service: "POTHER", since: START, missesSince: START }])).toEqual({
        misses: 2,
        neededHuman: 2,
      });
      expect(await ledger.missCounts([{ service: "POTHER", since: END, missesSince: END + 1 }])).toEqual({
        misses: 0,
        neededHuman: 0,
      });
      expect(await ledger.missCounts([])).toEqual({ misses: 0, neededHuman: 0 });
      // The evidence is made of the same ones, dated by their miss where nobody knows when they opened.
      const trail = await ledger.missTrail([{ service: SERVICE, since: START, missesSince: START }]);
      expect(ids(trail).toSorted()).toEqual(["PFINE", ...Object.keys(broken)].toSorted());
      const whole = ["PFINE", "PSERVICE"];
      for (const { incident, openedAt, missed } of trail)
        expect([incident, openedAt, missed]).toEqual([
          incident,
          whole.includes(incident) ? START : END,
          true,
        ]);
      const two = await ledger.missTrail([
        { service: "POTHER", since: START, missesSince: START },
        { service: "PTHIRD", since: START, missesSince: START },
      ]);
      expect(two).toHaveLength(2);
      expect(await ledger.missTrail([])).toEqual([]);
    });

    test("a hold that cannot be read is settled as nothing but a miss, and only once", async () => {
      const { store, ledger } = await open();
      await store.set("predictions/PTAKEN", broken.PTAKEN ?? {});
      await ledger.settleHold("PTAKEN", null);
      expect(ids(await ledger.unsettledHolds())).toEqual(["PTAKEN"]);
      await ledger.settleHold("PTAKEN", END);
      await ledger.settleHold("PTAKEN", END + 1);
      expect((await store.get("predictions/PTAKEN"))?.data).toMatchObject({ missedAt: END, taken: "paged" });
    });

    test("of lists of decisions and incidents the rest is read", async () => {
      const { store, ledger, told } = await open();
      for (const [i, incident] of ["P1", "P2", "P3"].entries()) {
        await ledger.recordEvent(opening(incident, i), RULES);
        await ledger.createPrediction(hold(incident));
      }
      await store.set("predictions/P2", { openedAt: START, service: SERVICE });
      const state = (await store.get("incidents/P2"))?.data ?? {};
      await store.set("incidents/P2", { ...state, status: "asleep" });
      expect(ids(await ledger.predictions({ limit: 9 })).toSorted()).toEqual(["P1", "P3"]);
      expect(ids(await ledger.predictions({ limit: 9, service: SERVICE })).toSorted()).toEqual(["P1", "P3"]);
      const alertType = String(state.alertType);
      expect(ids(await ledger.incidentsOfAlertType(alertType, { before: END, limit: 9 }))).toEqual([
        "P3",
        "P1",
      ]);
      const past = () => idsOf(ledger.pastIncidents());
      expect(await past()).toEqual(["P1", "P3"]);
      expect(told).toEqual([
        expect.stringContaining("document predictions/P2 cannot be read"),
        expect.stringContaining("document incidents/P2 cannot be read: field 'status'"),
      ]);
      // Half a story teaches something else: the whole incident is left out.
      await store.set("incidents/P3/events/E9", { id: "E9" });
      expect(await past()).toEqual(["P1"]);
      expect(await ledger.incident("P3")).toMatchObject({ unreadable: 1, events: [{ type: "triggered" }] });
      expect(told.at(-1)).toContain("document incidents/P3/events/E9 cannot be read");
    });

    test("a whole page of incidents that cannot be read does not end the list", async () => {
      const { store, ledger } = await open();
      await Promise.all(
        Array.from({ length: 210 }, (_, i) => store.set(`incidents/PBAD${i}`, { openedAt: START + (i % 2) })),
      );
      await ledger.recordEvent(opening("PLAST", MINUTE), RULES);
      expect(await idsOf(ledger.pastIncidents())).toEqual(["PLAST"]);
    });

    test("of a past, what no document can hold or what is there already and cannot be read is set aside, and the rest is recorded", async () => {
      const { store, ledger } = await open();
      const all = Array.from({ length: 60 }, (_, i) => `PAST${i}`).filter((id) => shardOf(id) === 0);
      const [broken = "", huge = "", odd = "", ...fine] = all;
      const past = (id: string): PastIncident => ({
        id,
        service: SERVICE,
        title: id === odd ? "cut \ud83d" : TITLE,
        createdAt: START,
        resolvedAt: START + MINUTE,
        resolvedBy: "integration",
        acknowledgedAt: null,
        takenOverAt: null,
        mergedInto: null,
        urgency: "high",
        details: {},
      });
      const detailsOf = (id: string) => ({
        numbers: { "": 1, __x__: 2 },
        texts: {},
        others:
          id === huge
            ? Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`c${i}`, "x".repeat(20_000)]))
            : { "a\udc00": "b\ud800" },
      });
      await ledger.recordEvent(opening(broken), RULES);
      await store.set(`incidents/${broken}/events/E9`, { id: "E9" });
      const record = () =>
        ledger.recordPast(
          all.map((id) => eventsOf(past(id), detailsOf(id))),
          RULES,
        );
      const setAside = [
        { incident: broken, reason: expect.stringContaining("/events/E9 cannot be read") },
        { incident: huge, reason: expect.stringContaining("1048576 are the most") },
      ];
      expect(await record()).toEqual({
        added: fine.length + 1,
        completed: 0,
        known: 0,
        events: 2 * (fine.length + 1),
        setAside,
      });
      const kept = await ledger.incident(odd);
      expect(kept?.state.title).toBe("cut \ufffd");
      expect(kept?.events[0]?.details).toEqual({
        numbers: { "detail:": 1, "detail:__x__": 2 },
        texts: {},
        others: { "a\ufffd": "b\ufffd" },
      });
      expect(await record()).toMatchObject({ added: 0, known: fine.length + 1, events: 0, setAside });
    });
  });

  describe(`a write knows itself again (${adapter.name})`, () => {
    /** A store whose first create is applied and its answer lost, in one of the ways in which clients tell of that. */
    const losing = (store: DocumentStore, failure: (path: string) => Error): DocumentStore => {
      let lost = false;
      return {
        ...store,
        async create(path, data, beside) {
          await store.create(path, data, beside);
          if (lost) return;
          lost = true;
          throw failure(path);
        },
      };
    };
    const failures: readonly (readonly [string, (path: string) => Error])[] = [
      ["the client asks again by itself", (path) => new DocumentExistsError(path)],
      ["the service was not there", () => Object.assign(new Error("14 UNAVAILABLE"), { code: 14 })],
      ["the time ran out", () => new Error("Firestore: creating it took longer than 10000 ms")],
    ];
    for (const [how, failure] of failures)
      test(`a prediction whose answer was lost is this call's own: ${how}`, async () => {
        const { store } = await open();
        const ledger = createLedger(losing(store, failure));
        expect(await ledger.createPrediction(hold("P1"))).toBe(true);
        expect(await ledger.createPrediction(hold("P1"))).toBe(false);
        // The token is between the store and the ledger, and no change of the hold takes it away.
        expect(await ledger.prediction("P1")).toEqual(hold("P1"));
        await ledger.endHold("P1", { at: START, why: "it resolved" });
        expect((await store.get("predictions/P1"))?.data.token).toEqual(expect.any(String));
      });

    test("what another wrote is another's, and what was not written is not there", async () => {
      const { store, ledger: other } = await open();
      const failure = new Error("14 UNAVAILABLE");
      const refusing: DocumentStore = { ...store, create: async () => Promise.reject(failure) };
      const ledger = createLedger(refusing);
      await expect(ledger.createPrediction(hold("P1"))).rejects.toBe(failure);
      expect(await other.createPrediction(hold("P1"))).toBe(true);
      await expect(ledger.createPrediction(hold("P1"))).rejects.toBe(failure);
      expect(await createLedger(losing(store, () => failure)).createPrediction(hold("P1"))).toBe(false);
      // Whose it is cannot be told: then it is nobody's own, and comes again.
      const blind = createLedger({ ...store, get: async () => Promise.reject(failure) });
      await expect(blind.createPrediction(hold("P1"))).rejects.toThrow("could not be read");
    });
  });
}
