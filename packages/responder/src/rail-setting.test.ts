import { describe, expect, test } from "vitest";
import { z } from "zod";
import { allow, deny } from "./circumstances.ts";
import { decide, isLiveHold } from "./decide.ts";
import { guardRails, judgeAll, problemsOfStoredRails } from "./guard-rails.ts";
import { holdable, NOW, rules, WINDOW } from "./observation.fixture.ts";
import { problemsOfRails, railWithSetting, settingsDeclaredBy } from "./rail-setting.ts";

const most = railWithSetting({
  name: "most",
  setting: { schema: z.number({ error: "is no number" }).min(0), default: 2, help: "the most, a count" },
  judge: (value, { opened }) =>
    opened !== null && opened > value
      ? deny(`${opened} are more than ${value}.`)
      : allow(`At most ${value}.`),
});
const by = (rails: Readonly<Record<string, unknown>>) => holdable({ settings: { ...rules, rails } });

describe("a guard rail with a setting", () => {
  test("uses the value stored under its name, or its default if nothing is stored", () => {
    expect(most.judge(by({}))).toEqual({ allowsHold: true, sentence: "At most 2." });
    expect(most.judge(by({ most: 0 }))).toEqual({ allowsHold: false, sentence: "1 are more than 0." });
    expect(most.judge(by({ constructor: 1 })).allowsHold).toBe(true);
  });

  test.each([["text"], [-1], [null], [{}], [Number.NaN]])(
    "denies the hold where %j is stored, and says where",
    (value) => {
      expect(most.judge(by({ most: value }))).toMatchObject({
        allowsHold: false,
        sentence: expect.stringContaining("rails.most cannot be read"),
      });
    },
  );

  test("denies the hold without settings", () => {
    expect(most.judge(holdable({ settings: null })).allowsHold).toBe(false);
  });
});

test("problems are reported for each stored setting that is unknown or invalid, and for no other", () => {
  const declared = settingsDeclaredBy([...guardRails, most]);
  expect(problemsOfRails({}, declared)).toEqual([]);
  expect(problemsOfRails({ most: 3 }, declared)).toEqual([]);
  expect(problemsOfRails({ most: "3", toString: 1, later: null }, declared)).toEqual([
    "rails.most cannot be read: is no number",
    expect.stringMatching(/^rails\.toString is of a guard rail .* does not know/),
    expect.stringMatching(/^rails\.later is of a guard rail/),
  ]);
});

describe.each(["later", "novelty", "__proto__x", "constructor"])(
  "settings with 'rails.%s', which nobody here declares",
  (name) => {
    const circumstances = by({ [name]: 1 });

    test("hold nothing, and the prediction says which", () => {
      const decided = decide(circumstances, {
        asOf: { records: {}, organisation: circumstances.observation.organisation, at: NOW },
      });
      expect(decided).toMatchObject({ decision: "page", decidedBy: "settings", holdUntil: null });
      expect(judgeAll(circumstances)[0]?.sentence).toContain(`rails.${name} is of a guard rail`);
      expect(problemsOfStoredRails({ [name]: 1 })).toHaveLength(1);
    });

    test("end ongoing holds", () => {
      const hold = decide(holdable(), {
        asOf: { records: {}, organisation: circumstances.observation.organisation, at: NOW },
      });
      expect(isLiveHold(hold, rules, NOW + WINDOW - 1)).toBe(true);
      expect(isLiveHold(hold, { ...rules, rails: { [name]: 1 } }, NOW + WINDOW - 1)).toBe(false);
    });
  },
);

test("every default is valid, and every setting has a help text", () => {
  for (const [name, { schema, default: usual, help }] of settingsDeclaredBy(guardRails)) {
    expect(schema.safeParse(usual).success, name).toBe(true);
    expect(help.length, name).toBeGreaterThan(10);
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
  }
});
