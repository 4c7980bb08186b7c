import { expect, test } from "vitest";
import { splitJson } from "./split-json.ts";

const FIELDS = ["data", "incidents"];

/** In pieces of one character and whole: what comes out must not depend on where a chunk ends. */
async function pieces(text: string): Promise<readonly (readonly [number, string])[]> {
  const cut = async (size: number) => {
    const chunks = async function* () {
      for (let i = 0; i < text.length; i += size) yield text.slice(i, i + size);
    };
    const found: (readonly [number, string])[] = [];
    for await (const { line, text: piece } of splitJson(chunks(), FIELDS)) found.push([line, piece]);
    return found;
  };
  const whole = await cut(text.length || 1);
  for (const size of [1, 2, 7]) expect(await cut(size)).toEqual(whole);
  return whole;
}

test("consecutive objects, in any layout", async () => {
  expect(await pieces('{"a":1}\n{"a":{"b":[1,{"c":2}]}}{"a":3}')).toEqual([
    [1, '{"a":1}'],
    [2, '{"a":{"b":[1,{"c":2}]}}'],
    [2, '{"a":3}'],
  ]);
  expect(await pieces('{\n "a": 1\n}\n\n{\n "a": 2\n}\n')).toEqual([
    [1, '{\n "a": 1\n}'],
    [5, '{\n "a": 2\n}'],
  ]);
});

test("the objects of an array, and of a page's arrays at any position", async () => {
  expect(await pieces('[{"a":1},\n {"a":2}]')).toEqual([
    [1, '{"a":1}'],
    [2, '{"a":2}'],
  ]);
  const page =
    '{"limit":2,"first":{"x":[1]},"incidents":[\n{"a":1},{"a":[2]}],"more":{"y":[{}]},"data":[{"b":1}]}';
  expect(await pieces(`${page}\n${page}`)).toEqual([
    [2, '{"a":1}'],
    [2, '{"a":[2]}'],
    [2, '{"b":1}'],
    [4, '{"a":1}'],
    [4, '{"a":[2]}'],
    [4, '{"b":1}'],
  ]);
  expect(await pieces('{"incidents":[],"more":false}')).toEqual([]);
  // A list of one's own is no page.
  expect(await pieces('{"tags":[{"a":1}],"id":7}')).toEqual([[1, '{"tags":[{"a":1}],"id":7}']]);
});

test("braces and quotes within strings are text", async () => {
  expect(await pieces('[{"a":"}\\"{"},{"b":"\\\\"},{"c":"data\\":["}]')).toEqual([
    [1, '{"a":"}\\"{"}'],
    [1, '{"b":"\\\\"}'],
    [1, '{"c":"data\\":["}'],
  ]);
});

test("a truncated value is passed on with a flag", async () => {
  expect(await pieces('{"data":[{"a":1},{"a":')).toEqual([
    [1, '{"a":1}'],
    [1, '{"a":'],
  ]);
});
