import { expect, test } from "vitest";
import { alarmKeysOf, keepFeedback } from "../../packages/functions/src/respond/name-feedback.ts";
import { eventOf } from "../support/events.ts";
import { withHomeLedger } from "../support/home-ledger.ts";
import { jsonLines, temporaryFolder } from "../support/mrdata.ts";
import { mrdataHere } from "../support/mrdata-here.ts";

const SERVICE = "PDATABASE";
const OPENED = Date.parse("2026-03-02T03:00:00Z");

test("vetoes lists what notes forbid, once each, by whom, and what was lifted since", async () => {
  const home = temporaryFolder();
  await withHomeLedger(home, async (ledger) => {
    const say = async (incident: string, title: string, allowed: boolean, at: number) => {
      await ledger.recordEvent(
        eventOf({ type: "triggered", incident, at: OPENED, service: SERVICE, title }),
        {
          windowMs: 300_000,
        },
      );
      await keepFeedback(ledger, alarmKeysOf(SERVICE, title), { allowed, who: "PROBIN", at, incident });
    };
    await say("P1", "Payments are failing", false, OPENED + 1_000);
    await say("P2", "Disk of db-3 is full", false, OPENED + 2_000);
    await say("P2", "Disk of db-3 is full", true, OPENED + 3_000);
  });
  const { stdout, code } = await mrdataHere(["vetoes", "--home", home]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^2026-03-02 03:00 +PROBIN +P1 +not held +PDATABASE +Payments are failing$/m);
  expect(stdout).toMatch(/P2 +lifted +PDATABASE/);
  expect(stdout).toContain("'mrdata: ok to hold'");
  const [json] = jsonLines((await mrdataHere(["vetoes", "--home", home, "--json"])).stdout);
  expect(json).toMatchObject({
    vetoes: [
      { incident: "P2", inForce: false },
      { incident: "P1", inForce: true, who: "PROBIN", at: OPENED + 1_000 },
    ],
  });
});

test("where nothing was forbidden it says so", async () => {
  const home = temporaryFolder();
  await withHomeLedger(home, async () => {});
  expect((await mrdataHere(["vetoes", "--home", home])).stdout).toContain("No note forbids anything");
});
