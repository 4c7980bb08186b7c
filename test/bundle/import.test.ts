import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { asLines, madeHistory } from "../support/made-history.ts";
import { jsonLines, mrdata, temporaryFolder } from "../support/mrdata.ts";

const emulators = inject("emulators");

test("on Google's emulators a history is imported into Firestore, once", async (context) => {
  if (!emulators.available) {
    context.skip(`${emulators.reason}; to have it run: ${emulators.command}`);
    return;
  }
  const target = `gcp:test-${randomUUID().slice(0, 18)}/(default)`;
  const env = {
    FIRESTORE_EMULATOR_HOST: emulators.firestoreHost,
    PUBSUB_EMULATOR_HOST: emulators.pubsubHost,
  };
  const file = join(temporaryFolder(), "history.ndjson");
  writeFileSync(file, asLines(madeHistory(120)));
  const run = async () =>
    jsonLines((await mrdata(["import", file, "--target", target, "--json"], { env })).stdout)[0];
  expect(await run()).toMatchObject({ added: 120, known: 0, events: 240 });
  expect(await run()).toMatchObject({ added: 0, known: 120, events: 0 });
  const explained = await mrdata(["explain", "INC-7", "--target", target, "--json"], { env });
  expect(jsonLines(explained.stdout)[0]).toMatchObject({ outcome: "self-resolved" });
});
