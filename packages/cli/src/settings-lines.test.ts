import { defaultSettings } from "@mrdata/platform";
import { expect, test } from "vitest";
import { settingsLines } from "./settings-lines.ts";

const lineOf = (field: string, settings = defaultSettings): string =>
  settingsLines(settings)
    .find((line) => line.startsWith(`${field} `))
    ?.slice(field.length)
    .trim() ?? "";

test("each setting is a sentence with its unit, without raw JSON", () => {
  expect(lineOf("missBudget")).toBe("at most 10 % of the incidents that need a human may be delayed");
  expect(lineOf("certificate.days")).toMatch(/the last 180 days$/);
  expect(lineOf("hours")).toBe("holding is allowed at any time");
  for (const line of settingsLines(defaultSettings)) expect(line).not.toMatch(/[{[]|null|undefined/);
});

test("hours, lists, maintenance and disarming are shown in words", () => {
  const settings = {
    ...defaultSettings,
    disarmed: { who: "Robin", at: 0, why: "it flaps" },
    hours: { zone: "Europe/Berlin", from: "22:00", to: "08:00", days: [0, 6] },
    neverHold: { ...defaultSettings.neverHold, titles: ["payment*fail"] },
    maintenance: [
      {
        service: null,
        from: Date.parse("2026-03-02T03:00:00Z"),
        to: Date.parse("2026-03-02T04:00:00Z"),
        why: "a move",
      },
    ],
  };
  expect(lineOf("hours", settings)).toBe(
    "holding is allowed from 22:00 to 08:00 (Europe/Berlin), on Sunday, Saturday",
  );
  expect(lineOf("neverHold.titles", settings)).toBe('"payment*fail"');
  expect(lineOf("disarmed", settings)).toBe("everything, by Robin: it flaps");
  expect(lineOf("maintenance", settings)).toBe("all 2026-03-02 03:00 to 2026-03-02 04:00 UTC: a move");
});

test("an unknown guard rail's setting is shown, because it keeps everything from being held", () => {
  expect(lineOf("rails.of-tomorrow", { ...defaultSettings, rails: { "of-tomorrow": 3 } })).toBe(
    "3: not known here",
  );
});

test.each([40, 60, 80])(
  "at %i columns no line is longer, and what is stored of guard rails is told in words",
  (columns) => {
    const settings = { ...defaultSettings, rails: { later: { from: 1, to: [2, true], of: null } } };
    const lines = settingsLines(settings, columns);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
    expect(lines.join(" ").replaceAll(/ +/g, " ")).toContain("from 1, to 2, yes, of none: not known here");
  },
);
