import { join } from "node:path";
import {
  alertTypeOf,
  eventsOf,
  type PastIncident,
  shardOf,
  subjectsOf,
  TrackRecordBuilder,
} from "@mrdata/incident";
import { forecaster, type ModelVersion, readVersion } from "@mrdata/learning";
import { allIndexes, createLedger, type Ledger } from "@mrdata/platform";
import { openEmbeddedModels, openEmbeddedStore } from "@mrdata/platform/embedded";
import { expect, onTestFinished, test } from "vitest";
import { jsonLines, temporaryFolder } from "../support/mrdata.ts";
import { mrdataHere } from "../support/mrdata-here.ts";
import { aPrediction } from "../support/predictions.ts";
import { somePast, someVersion } from "../support/trained-version.ts";

const MINUTE = 60_000;
const RULES = { windowMs: 5 * MINUTE };
const UNTIL = Date.parse("2026-03-02T03:00:00Z");

/** A home with a past, and a version that learnt from it. */
async function home() {
  const folder = temporaryFolder();
  const ledger = createLedger(
    openEmbeddedStore({ file: join(folder, "ledger.sqlite"), indexes: allIndexes }),
  );
  onTestFinished(() => ledger.close());
  for (const group of Map.groupBy(somePast(UNTIL), ({ id }) => shardOf(id)).values())
    await ledger.recordPast(
      group.map((past) => eventsOf(past)),
      RULES,
    );
  const models = openEmbeddedModels({ dir: join(folder, "models") });
  await models.publish("v1", await someVersion(UNTIL));
  return { folder, ledger, version: await readVersion((file) => models.read("v1", file)) };
}

/** Opens an incident as the bot would see it, with the prediction that the version makes of it. */
async function predicted(
  ledger: Ledger,
  version: ModelVersion,
  past: PastIncident,
  model = "v1",
): Promise<void> {
  const [opening] = eventsOf(past);
  if (opening === undefined) throw new Error("no opening");
  await ledger.recordEvent(opening, RULES);
  const [alertType, service] = await ledger.trackRecords(
    subjectsOf(past.service, past.title),
    RULES.windowMs,
  );
  const { probability, features } = forecaster(version)({
    openedAt: past.createdAt,
    title: past.title,
    urgency: past.urgency,
    alertType: (alertType?.records ?? []).map((record) => TrackRecordBuilder.of(record)),
    service: (service?.records ?? []).map((record) => TrackRecordBuilder.of(record)),
    texts: {},
    values: {},
    numbers: {},
    organisation: { hour: 1, day: 16, week: 112 },
  });
  await ledger.createPrediction(
    aPrediction({
      incident: past.id,
      model,
      features,
      probability,
      confidence: probability,
      prediction: true,
      decision: "hold",
      service: past.service,
      alertType: alertTypeOf(past.service, past.title).key,
    }),
  );
}
const disk: PastIncident = {
  id: "QNOW",
  service: "PDATABASE",
  title: "Disk 77% full on db-9",
  createdAt: UNTIL,
  resolvedAt: null,
  resolvedBy: null,
  acknowledgedAt: null,
  takenOverAt: null,
  mergedInto: null,
  urgency: "high",
  details: {},
};

test("explain says of a learned model's prediction how sure it is, what moved it, and what was like it", async () => {
  const { folder, ledger, version } = await home();
  await predicted(ledger, version, disk);
  const { stdout, code } = await mrdataHere(["explain", "QNOW", "--home", folder, "--json"]);
  expect(code).toBe(0);
  const [told] = jsonLines(stdout);
  expect(told).toMatchObject({
    incident: "QNOW",
    prediction: true,
    decision: "hold",
    model: "v1",
    abstained: null,
    confidence: expect.any(Number),
    probability: expect.any(Number),
    features: {},
    reasons: expect.any(Array),
    outcome: "needed-human",
    actor: null,
    events: [{ type: "triggered" }],
    interval: { low: expect.any(Number), high: expect.any(Number), rows: expect.any(Number) },
  });
  const { moved, similar } = Object(told);
  expect(moved.length).toBeGreaterThan(1);
  expect(moved[0].sentence).toMatch(/ /);
  const weights = moved.map(({ contribution }: { contribution: number }) => Math.abs(contribution));
  expect(weights).toEqual(weights.toSorted((a: number, b: number) => b - a));
  // The last five of the same alarm, not those of another.
  const disks = somePast(UNTIL).filter(({ title }) => title.startsWith("Disk"));
  expect(similar.map(({ incident }: { incident: string }) => incident)).toEqual(
    disks
      .slice(-5)
      .reverse()
      .map(({ id }) => id),
  );

  const people = await mrdataHere(["explain", "QNOW", "--home", folder]);
  expect(people.stdout).toMatch(/\d+ % likely to resolve itself, \d+ to \d+ % by \d+ past ones like it/);
  expect(people.stdout).toContain("+++");
  expect(people.stdout).toContain("seen before");
});

test("a version that is gone explains nothing, and the prediction stands", async () => {
  const { folder, ledger, version } = await home();
  await predicted(ledger, version, disk, "v9");
  const { stdout, code } = await mrdataHere(["explain", "QNOW", "--home", folder, "--json"]);
  expect(code).toBe(0);
  expect(jsonLines(stdout)[0]).toMatchObject({ model: "v9", interval: null, moved: [], decision: "hold" });
});
