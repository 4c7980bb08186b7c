import { verifiedModelCards } from "@mrdata/doctor";
import { beforeAll, expect, test } from "vitest";
import { someVersion } from "../support/trained-version.ts";

const MINUTE = 60_000;
const START = Date.parse("2026-03-02T03:00:00Z");

let sound: ReadonlyMap<string, Uint8Array>;
beforeAll(async () => {
  sound = await someVersion(START);
});

/** A store of two versions of the same files that counts what is read of it, and a clock that stands. */
function counted() {
  const files = new Map(sound);
  const reads: string[] = [];
  const world = { now: START, files, reads };
  const models = {
    read: async (version: string, file: string) => {
      reads.push(`${version} ${file}`);
      return files.get(file) ?? null;
    },
  };
  return { world, cardOf: verifiedModelCards(models, { now: () => world.now }) };
}

test("of a version that was found sound only the card is read again", async () => {
  const { world, cardOf } = counted();
  const card = await cardOf("v1");
  expect(world.reads).toContain("v1 model.bst");
  world.reads.length = 0;
  world.now += 15 * MINUTE;
  expect(await cardOf("v1")).toBe(card);
  expect(world.reads).toEqual(["v1 card.json"]);
});

test("another version, another card and an hour each have the whole read again", async () => {
  const { world, cardOf } = counted();
  await cardOf("v1");
  await cardOf("v2");
  expect(world.reads).toContain("v2 model.bst");

  world.files.set("model.bst", new Uint8Array([1]));
  world.now += 59 * MINUTE;
  await cardOf("v2");
  world.now += MINUTE;
  await expect(cardOf("v2")).rejects.toThrow("its model.bst is not the one that its card was written for");
});

test("what was refused once is read whole the next time, and a card that has gone is noticed at once", async () => {
  const { world, cardOf } = counted();
  await cardOf("v1");
  world.files.delete("card.json");
  await expect(cardOf("v1")).rejects.toThrow("its card.json is missing");
  world.files.set("card.json", sound.get("card.json") ?? new Uint8Array());
  world.reads.length = 0;
  await cardOf("v1");
  expect(world.reads).toContain("v1 model.bst");
});
