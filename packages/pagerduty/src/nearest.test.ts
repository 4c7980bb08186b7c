import { expect, test } from "vitest";
import { nearest } from "./nearest.ts";

test("the nearest word is the one with the fewest letters changed, and far words have none", () => {
  expect(nearest("regoin", ["window", "region"])).toBe("region");
  expect(nearest("alertemail", ["alertEmail", "alertPagerDutyKey"])).toBe("alertEmail");
  expect(nearest("europe-west-1", ["europe-west4", "europe-west1", "us-west1"])).toBe("europe-west1");
  expect(nearest("xyzzy", ["window", "region"])).toBeNull();
});
