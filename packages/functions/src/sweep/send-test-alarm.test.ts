import { createLedger, type LogEntry } from "@mrdata/platform";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import { expect, test } from "vitest";
import { sendTestAlarm } from "./send-test-alarm.ts";

const MINUTE = 60_000;

test("a test alarm is logged once per request, and only shortly after it", async () => {
  const ledger = createLedger(openEmbeddedStore({ file: ":memory:" }));
  const logged: LogEntry[] = [];
  let now = 100 * MINUTE;
  const sweep = () =>
    sendTestAlarm({ ledger, clock: { now: () => now }, log: (entry) => void logged.push(entry) });
  await sweep();
  expect(logged).toEqual([]);
  // A terminal's clock may be ahead.
  await ledger.noteSeen("alarm-drill-asked", now + MINUTE);
  for (let i = 0; i < 3; i++) await sweep();
  expect(logged.map(({ event, severity }) => [event, severity])).toEqual([["alarm.drilled", "WARNING"]]);
  now += 5 * MINUTE;
  await ledger.noteSeen("alarm-drill-asked", now);
  await sweep();
  expect(logged).toHaveLength(2);
  await ledger.noteSeen("alarm-drill-asked", now + MINUTE);
  now += 20 * MINUTE;
  await sweep();
  expect(logged).toHaveLength(2);
  await ledger.close();
});
