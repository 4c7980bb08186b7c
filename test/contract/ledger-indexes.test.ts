import { subjectsOf } from "@mrdata/incident";
import {
  type CompositeIndex,
  compositeIndexes,
  createLedger,
  type DocumentQuery,
  type DocumentStore,
  defaultSettings,
} from "@mrdata/platform";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import { expect, test } from "vitest";
import { eventOf } from "../support/events.ts";
import { aPrediction } from "../support/predictions.ts";

const RULES = { windowMs: 300_000 };

/** A store that tells what it was asked. */
function listening(store: DocumentStore, asked: DocumentQuery[]): DocumentStore {
  const note = (query: DocumentQuery) => {
    asked.push(query);
    return query;
  };
  return {
    ...store,
    query: (query) => store.query(note(query)),
    count: (query) => store.count(note(query)),
    transaction: (work) =>
      store.transaction((transaction) =>
        work({ ...transaction, query: (query) => transaction.query(note(query)) }),
      ),
  };
}

/** Every query that the ledger makes, each operation called at least once. */
async function everyQuery(): Promise<readonly DocumentQuery[]> {
  const asked: DocumentQuery[] = [];
  const ledger = createLedger(listening(openEmbeddedStore({ file: ":memory:" }), asked));
  const calls: { readonly [Name in keyof typeof ledger]: () => Promise<unknown> } = {
    recordEvent: async () => {
      for (const type of ["triggered", "resolved"])
        await ledger.recordEvent(eventOf({ type, incident: "P1", at: 1_770_000_000_000 }), RULES);
    },
    recordPast: () => ledger.recordPast([[eventOf({ type: "triggered", incident: "P1", at: 1 })]], RULES),
    incident: () => ledger.incident("P1"),
    trackRecords: () => ledger.trackRecords(subjectsOf("PSVC001", "Disk full"), RULES.windowMs),
    recordsBeside: () =>
      ledger.recordsBeside(
        { incident: "P1", id: "another" },
        { subjects: subjectsOf("PSVC001", "Disk full"), windowMs: RULES.windowMs },
      ),
    organisationCounts: () => ledger.organisationCounts(1_770_000_000_000),
    incidentsOfAlertType: () => ledger.incidentsOfAlertType("a", { before: 1, limit: 5 }),
    prediction: () => ledger.prediction("P1"),
    predictions: async () => {
      await ledger.predictions({ limit: 5 });
      await ledger.predictions({ limit: 5, service: "PSVC001" });
    },
    createPrediction: () => ledger.createPrediction(aPrediction({ incident: "P1" })),
    noteAction: () => ledger.noteAction("P1", { action: "none", sentence: "held", at: 1 }),
    claimNote: () => ledger.claimNote("P1", 1),
    holdsSince: () => ledger.holdsSince(1),
    unsettledHolds: () => ledger.unsettledHolds(),
    endHold: () => ledger.endHold("P1", { at: 2, why: "resolved" }),
    settleHold: () => ledger.settleHold("P1", null),
    reopenHold: () => ledger.reopenHold("P1"),
    missCounts: () => ledger.missCounts([{ service: "PSVC001", since: 1, missesSince: 1 }]),
    missTrail: () => ledger.missTrail([{ service: "PSVC001", since: 1, missesSince: 1 }]),
    openedWithin: () => ledger.openedWithin(1, 1),
    alertTypeFeedback: () => ledger.alertTypeFeedback("a"),
    keptFeedback: () => ledger.keptFeedback(),
    noteFeedback: () => ledger.noteFeedback("a", { allowed: false, who: null, at: 1, incident: "P1" }),
    countedArmings: () => ledger.countedArmings(),
    noteCountedArmings: () => ledger.noteCountedArmings([{ service: "PSVC001", since: 1 }]),
    lastChecks: () => ledger.lastChecks(),
    noteLastChecks: () => ledger.noteLastChecks({ answeredAt: null, unknown: [] }),
    alias: () => ledger.alias("champion"),
    promote: () => ledger.promote("v1"),
    promoteByItself: () =>
      ledger.promoteByItself("v2", { champion: "v1", misfit: () => null, learnt: (state) => state }),
    demote: () => ledger.demote(),
    setAlias: () => ledger.setAlias("challenger", "v2"),
    noteChallenge: () =>
      ledger.noteChallenge({ incident: "P1", version: "v2", probability: 0.5, openedAt: 1 }),
    challenges: () => ledger.challenges({ since: 0, limit: 5 }),
    training: async () => {
      await ledger.training.jobs({ limit: 5 });
      await ledger.training.tasksOf("job-1");
    },
    pastIncidents: async () => {
      for await (const one of ledger.pastIncidents()) expect(one.state.incident).toBe("P1");
    },
    settings: () => ledger.settings(),
    saveSettings: () => ledger.saveSettings(defaultSettings),
    changeSettings: () => ledger.changeSettings((settings) => settings),
    noteDisarming: () => ledger.noteDisarming({ who: "PROBIN", at: 1, why: "a note on P1" }),
    noteFailure: () => ledger.noteFailure("1", { reason: "r", source: "record", at: 1 }),
    failure: () => ledger.failure("1"),
    noteSeen: () => ledger.noteSeen("ping", 1),
    lastSeen: () => ledger.lastSeen("ping"),
    noteDeployment: () => ledger.noteDeployment({ at: 1, environment: { MRDATA_WINDOW: "5m" } }),
    deployment: () => ledger.deployment(),
    close: async () => {},
  };
  for (const call of Object.values(calls)) await call();
  await ledger.close();
  return asked;
}

/**
 * The fields of the composite index that Firestore would ask for, null where its own single-field indexes do
 * (https://firebase.google.com/docs/firestore/query-data/index-overview).
 */
function neededFields({ where = [], orderBy = [] }: DocumentQuery): readonly string[] | null {
  const equal = where.filter(({ is }) => is === "==").map(({ field }) => `${field} asc`);
  const ranged = where.filter(({ is }) => is !== "==").map(({ field }) => field);
  const ordered = orderBy.map(({ field, direction }) => `${field} ${direction}`);
  const rest = [...new Set(ranged)]
    .filter((field) => !orderBy.some((order) => order.field === field))
    .map((field) => `${field} asc`);
  const fields = [...equal, ...ordered, ...rest];
  return new Set(fields.map((field) => field.split(" ")[0])).size > 1 ? fields : null;
}

const nameOf = (collection: string, fields: readonly string[]) => `${collection}: ${fields.join(", ")}`;
const nameOfIndex = ({ collection, fields }: CompositeIndex) =>
  nameOf(
    collection,
    fields.map(({ field, direction }) => `${field} ${direction}`),
  );

test("the declared composite indexes are those that the ledger's queries need: none is missing, none is idle", async () => {
  const needed = (await everyQuery()).flatMap((query) => {
    const fields = neededFields(query);
    return fields === null ? [] : [nameOf(query.collection.split("/").at(-1) ?? "", fields)];
  });
  expect(needed.length).toBeGreaterThan(0);
  expect([...new Set(needed)].sort()).toEqual(compositeIndexes.map(nameOfIndex).sort());
});
