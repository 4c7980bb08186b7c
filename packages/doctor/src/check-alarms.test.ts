import { expect, test } from "vitest";
import { checkAlarms } from "./check-alarms.ts";
import { allWell } from "./safety/index.ts";

test.each([
  [["e-mail", "PagerDuty"], "ok", true],
  [["e-mail"], "ok", true],
  [[], "failed", false],
  [null, "unknown", false],
])("with the channels %j the check is %s, and arming is allowed: %s", (channels, state, well) => {
  const check = checkAlarms({ MRDATA_ALARM_CHANNELS: channels });
  expect(check).toMatchObject({ name: "alarms", needed: true, state });
  expect(allWell([check])).toBe(well);
  expect(check.fix === null).toBe(state === "ok");
});
