import { describe, expect, test } from "vitest";
import { UnreadableDocumentError } from "./decode.ts";
import { armedServices, disarmAll, disarmService, modeOf, withMode } from "./service-modes.ts";
import { defaultSettings } from "./settings.ts";
import { decodeSettings, encodeSettings } from "./settings-document.ts";
import { settingsSoFar } from "./settings-versions.fixture.ts";

const decided = { who: "PROBIN", at: 1_770_000_000_000, why: "a quiet month" };
const read = (data: object) => decodeSettings({ path: "settings/bot", id: "bot", data: { ...data } });
const armed = withMode(defaultSettings, "PDATABASE", { mode: "armed", policy: "PARMED" }, decided);

describe("settings that can be read", () => {
  test("are the stored ones, with defaults for the rest", () => {
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
    expect(() => encodeSettings(lifted)).not.toThrow();
  });
});

test.each([
  ["delta", 0],
  ["delta", 0.51],
  ["days", 0],
  ["days", 1.5],
])("a certificate's %s of %d is refused by name", (field, value) => {
  const wrong = { ...defaultSettings, certificate: { ...defaultSettings.certificate, [field]: value } };
  expect(() => encodeSettings(wrong)).toThrow(new RegExp(`certificate\\.${field}`));
});

test("the newest document of those that were stored has every field", () => {
  expect(Object.keys(settingsSoFar.at(-1)?.[1] ?? {}).toSorted()).toEqual(
    Object.keys(defaultSettings).toSorted(),
  );
});

describe.each(settingsSoFar)("a document of %s", (_, data) => {
  const settings = read(data);

  test("arms, keeps all its fields, and has defaults for fields added later", () => {
    const again = withMode(settings, "PDATABASE", { mode: "armed", policy: "PNEW" }, decided);
    expect(armedServices(again)).toEqual(["PDATABASE"]);
    const stored = encodeSettings(again);
    const { services: _services, schema: _schema, ...rest } = { services: {}, schema: 0, ...data };
    expect(read(stored)).toEqual(again);
    expect(stored).toMatchObject({ ...rest, services: { PDATABASE: { mode: "armed", policy: "PNEW" } } });
    for (const name of Object.keys(defaultSettings)) expect(again, name).toHaveProperty(name);
  });

  test.each([
    ["beside the others", (one: object) => ({ ...one, quietly: { added: [1, null, "x"] } })],
    [
      "of a service",
      (one: object) => {
        const services = "services" in one && typeof one.services === "object" ? one.services : {};
        const of = services !== null && "PDATABASE" in services ? services.PDATABASE : {};
        return { ...one, services: { PDATABASE: { ...(typeof of === "object" ? of : {}), quietly: 1 } } };
      },
    ],
    ["of a disarming", (one: object) => ({ ...one, disarmed: { ...decided, quietly: true } })],
  ])("keeps and ignores a field that is not known, %s", (_where, add) => {
    const asRead = read(add(data));
    expect(JSON.stringify(asRead)).toContain("quietly");
    expect(JSON.stringify(encodeSettings(asRead))).toContain("quietly");
    const { mode } = settings.services.PDATABASE ?? {};
    expect(asRead.services.PDATABASE?.mode).toBe(mode);
    const decidedAnew = withMode(asRead, "PDATABASE", { mode: "annotate", policy: null }, decided);
    expect(JSON.stringify(decidedAnew)).toContain("quietly");
  });
});

test("while no guard rail's own setting is set, the stored document has only the original fields of schema 2", () => {
  expect(Object.keys(encodeSettings(armed))).not.toContain("rails");
  expect(encodeSettings({ ...armed, rails: { some: 3 } })).toHaveProperty("rails", { some: 3 });
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
  [
    "neverHold",
    { ...armed, neverHold: { ...armed.neverHold, teams: ["PTEAM"] } },
    /has 'teams', which .* holds nothing/,
  ],
  ["caps", { ...armed, caps: { ...armed.caps, team: 1 } }, /'team'/],
  ["storm", { ...armed, storm: { ...armed.storm, team: "PTEAM" } }, /'team'/],
  [
    "hours",
    { ...armed, hours: { zone: "UTC", from: "20:00", to: "22:00", days: null, except: ["2026-12-24"] } },
    /'except'/,
  ],
  [
    "maintenance.0",
    { ...armed, maintenance: [{ service: null, from: 1, to: 2, why: "x", team: "PTEAM" }] },
    /'team'/,
  ],
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
