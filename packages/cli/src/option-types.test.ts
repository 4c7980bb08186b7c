import { Command } from "commander";
import { afterEach, expect, test, vi } from "vitest";
import { zoneWith } from "./option-types.ts";

afterEach(() => vi.unstubAllEnvs());

const zoneOf = (...args: string[]): unknown =>
  new Command().addOption(zoneWith("zone")).parse(args, { from: "user" }).opts().timeZone;

test("the organisation's time zone comes from the environment or the option, else UTC", () => {
  expect(zoneOf()).toBe("UTC");
  vi.stubEnv("MRDATA_TIME_ZONE", "Europe/Berlin");
  expect(zoneOf()).toBe("Europe/Berlin");
  expect(zoneOf("--time-zone", "America/New_York")).toBe("America/New_York");
});
