import { expect, test } from "vitest";
import { WORD_PLACES, wordPlaces } from "./words.ts";

const placesOf = (title: string, texts: Record<string, string | number> = {}) =>
  [...wordPlaces(title, texts).entries()].filter(([, there]) => there === 1).map(([place]) => place);

test("every word has its place, whatever its position and neighbours", () => {
  const disk = placesOf("disk");
  expect(disk).toHaveLength(1);
  expect(placesOf("full: disk, disk!")).toEqual(expect.arrayContaining(disk));
  expect(placesOf("")).toEqual([]);
  expect(placesOf("a <n> %")).toEqual([]);
  expect(placesOf("überlauf")).toHaveLength(1);
});

test("of a detail name and value are one word: the same value of another detail is another", () => {
  const [code, status] = [placesOf("", { code: 503 }), placesOf("", { status: 503 })];
  expect(code).toHaveLength(1);
  expect(status).not.toEqual(code);
});

test("words spread over all places", () => {
  const filled = new Set(Array.from({ length: 400 }, (_, i) => placesOf(`word${i}`)[0]));
  expect(filled.size).toBe(WORD_PLACES);
});
