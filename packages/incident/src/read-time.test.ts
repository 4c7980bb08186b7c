import { expect, test } from "vitest";
import { timeReader } from "./read-time.ts";

const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());

test("times are read as exports write them", () => {
  const read = timeReader();
  expect(iso(read("2026-03-01T10:00:00Z"))).toBe("2026-03-01T10:00:00.000Z");
  expect(iso(read("2026-03-01T10:00:00.25+02:00"))).toBe("2026-03-01T08:00:00.250Z");
  expect(iso(read("2026-03-01 10:00:00 -0730"))).toBe("2026-03-01T17:30:00.000Z");
  expect(iso(read("2026-03-01T10:00:00 UTC"))).toBe("2026-03-01T10:00:00.000Z");
  expect(iso(read("2026-03-01"))).toBe("2026-03-01T00:00:00.000Z");
});

test("without an offset a time is in the zone that was named, through the changes of its clocks", () => {
  expect(iso(timeReader()("2026-07-01T10:00:00"))).toBe("2026-07-01T10:00:00.000Z");
  const berlin = timeReader("Europe/Berlin");
  expect(iso(berlin("2026-07-01T10:00:00"))).toBe("2026-07-01T08:00:00.000Z");
  expect(iso(berlin("2026-12-01 10:00:00"))).toBe("2026-12-01T09:00:00.000Z");
  expect(iso(berlin("2026-03-29T01:59:59"))).toBe("2026-03-29T00:59:59.000Z");
  expect(iso(berlin("2026-03-29T03:00:00"))).toBe("2026-03-29T01:00:00.000Z");
  expect(iso(berlin("2026-07-01T10:00:00Z"))).toBe("2026-07-01T10:00:00.000Z");
});

test("a text that is no time gives none", () => {
  const read = timeReader();
  for (const text of ["", "yesterday", "2026-02-31", "2026-13-01T00:00:00Z", "2026-01-01T25:00", "17:00"])
    expect(read(text), text).toBeNull();
  expect(() => timeReader("Mars/Olympus")).toThrow(RangeError);
});
