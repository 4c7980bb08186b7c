import { sendTestAlarm } from "@mrdata/functions";
import { createLedger } from "@mrdata/platform";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import { expect, onTestFinished, test } from "vitest";
import { runAlarmDrill } from "./alarm-drill.ts";

function world(sweepComes: boolean) {
  const ledger = createLedger(openEmbeddedStore({ file: ":memory:" }));
  onTestFinished(() => ledger.close());
  const logged: string[] = [];
  let now = 1_000_000;
  const clock = {
    now: () => now,
    async sleep(milliseconds: number) {
      now += milliseconds;
      if (sweepComes) await sendTestAlarm({ ledger, clock, log: ({ event }) => void logged.push(event) });
    },
  };
  return { ledger, clock, logged };
}

test("the bot raises the alarm within a minute, and the command names the channels", async () => {
  const { ledger, clock, logged } = world(true);
  const drilled = await runAlarmDrill({ ledger, clock, channels: ["e-mail", "PagerDuty"] });
  expect(drilled).toEqual({ channels: ["e-mail", "PagerDuty"], sentAt: expect.any(Number) });
  expect(logged).toEqual(["alarm.drilled"]);
  // An alarm of before is none of this drill.
  await runAlarmDrill({ ledger, clock, channels: ["e-mail"] });
  expect(logged).toHaveLength(2);
});

test("a bot whose sweep does not run raises no alarm, which is reported", async () => {
  const { ledger, clock } = world(false);
  await expect(runAlarmDrill({ ledger, clock, channels: ["e-mail"] })).rejects.toThrow(
    "sweep did not take it up",
  );
});

test.each([null, []])("without a channel (%j) no alarm is requested", async (channels) => {
  const { ledger, clock } = world(true);
  await expect(runAlarmDrill({ ledger, clock, channels })).rejects.toThrow("no alarm notifies anybody");
  expect(await ledger.lastSeen("alarm-drill-asked")).toBeNull();
});
