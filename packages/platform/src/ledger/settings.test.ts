import { describe, expect, test } from "vitest";
import { UnreadableDocumentError } from "./decode.ts";
import {
  armedServices,
  assertSettings,
  decodeSettings,
  defaultSettings,
  disarmAll,
  disarmService,
  modeOf,
  withMode,
} from "./settings.ts";

const decided = { who: "PROBIN", at: 1_770_000_000_000, why: "a quiet month" };
const read = (data: object) => decodeSettings({ path: "settings/bot", id: "bot", data: { ...data } });
const armed = withMode(defaultSettings, "PDATABASE", { mode: "armed", policy: "PARMED" }, decided);

describe("settings that can be read", () => {
  test("are those that were written, and what nobody wrote", () => {
    expect(read(armed)).toEqual(armed);
    expect(read(defaultSettings)).toEqual(defaultSettings);
    expect(modeOf(armed, "PDATABASE")).toBe("armed");
    expect(modeOf(armed, "PSHOP")).toBe("shadow");
    expect(modeOf(armed, "constructor")).toBe("shadow");
  });

  test("of schema 1 arm nothing, for they name no policy, and keep the kill switch", () => {
    const disarmed = { who: "PROBIN", at: 1, why: "x" };
    const old = {
      schema: 1,
      disarmed,
      services: { PDATABASE: { mode: "armed" }, PSHOP: { mode: "annotate" } },
    };
    const lifted = read(old);
    expect(lifted).toMatchObject({ schema: 2, disarmed });
    expect(modeOf(lifted, "PDATABASE")).toBe("annotate");
    expect(lifted.services.PDATABASE?.why).toMatch(/arm it again/);
    expect(modeOf(lifted, "PSHOP")).toBe("annotate");
    expect(() => assertSettings(lifted)).not.toThrow();
  });
});

test.each([
  ["schema", { ...armed, schema: 3 }, /is 3, and this version of Mr Data understands 1 and 2/],
  ["schema", { ...armed, schema: undefined }, /undefined/],
  [
    "services.PDATABASE.mode",
    { schema: 1, disarmed: null, services: { PDATABASE: { mode: "reckless" } } },
    /reckless/,
  ],
  [
    "services.PDATABASE.mode",
    { ...armed, services: { PDATABASE: { ...armed.services.PDATABASE, mode: "on" } } },
    /shadow, annotate or armed/,
  ],
  [
    "services.PDATABASE.policy",
    { ...armed, services: { PDATABASE: { ...armed.services.PDATABASE, policy: null } } },
    /needs the policy/,
  ],
  ["missBudget", { ...armed, missBudget: 1.5 }, /from 0 to 1/],
  ["missBudget", { ...armed, missBudget: Number.NaN }, /from 0 to 1/],
  ["control", { ...armed, control: -0.1 }, /from 0 to 1/],
  [
    "hours.zone",
    { ...armed, hours: { zone: "Mars/Base", from: "22:00", to: "08:00", days: null } },
    /time zone/,
  ],
  [
    "hours.from",
    { ...armed, hours: { zone: "UTC", from: "25:00", to: "08:00", days: null } },
    /time of the day/,
  ],
  ["neverHold.titles.0", { ...armed, neverHold: { ...armed.neverHold, titles: ["*"] } }, /every title/],
  ["", { ...armed, holdEverything: true }, /holdEverything/],
] as const)("a document that is wrong in '%s' is unreadable, and says so", (field, data, problem) => {
  expect(() => read(data)).toThrow(UnreadableDocumentError);
  expect(() => read(data)).toThrow(`settings/bot cannot be read: field '${field}'`);
  expect(() => read(data)).toThrow(problem);
});

describe("disarming", () => {
  const two = withMode(armed, "PSHOP", { mode: "armed", policy: "POTHER" }, decided);

  test("one service leaves the others armed, and says who, when and why", () => {
    const after = disarmService(two, "PSHOP", { ...decided, why: "it flaps" });
    expect(armedServices(after)).toEqual(["PDATABASE"]);
    expect(after.services.PSHOP).toEqual({ mode: "shadow", policy: "POTHER", ...decided, why: "it flaps" });
  });

  test("all of it leaves no service armed, so that arming one again arms no other", () => {
    const off = disarmAll(two, decided);
    expect(armedServices(off)).toEqual([]);
    expect(off.disarmed).toEqual(decided);
    const again = withMode(off, "PSHOP", { mode: "armed", policy: "POTHER" }, decided);
    expect(armedServices(again)).toEqual(["PSHOP"]);
  });

  test("stays when a service is given a mode that is not armed", () => {
    const off = disarmAll(two, decided);
    expect(withMode(off, "PSHOP", { mode: "annotate", policy: null }, decided).disarmed).toEqual(decided);
  });
});
