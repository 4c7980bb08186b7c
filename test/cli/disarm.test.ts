import { defaultSettings, disarmService, type Ledger, withMode } from "@mrdata/platform";
import { expect, test } from "vitest";
import { eventOf } from "../support/events.ts";
import { withHomeLedger } from "../support/home-ledger.ts";
import { jsonLines, temporaryFolder } from "../support/mrdata.ts";
import { mrdataHere } from "../support/mrdata-here.ts";
import { aPrediction } from "../support/predictions.ts";

const MINUTE = 60_000;
const WINDOW = 5 * MINUTE;
const NOW = Date.now();
const byTest = { who: "PROBIN", at: NOW - 86_400_000, why: "a quiet month" };

/** A home whose ledger the test writes, and `mrdata` on it. */
async function home(write: (ledger: Ledger) => Promise<void>) {
  const directory = temporaryFolder();
  const change = <T>(work: (ledger: Ledger) => Promise<T>): Promise<T> => withHomeLedger(directory, work);
  await change(write);
  return { change, run: (...args: readonly string[]) => mrdataHere([...args, "--home", directory]) };
}

const armedTwice = ["PDATABASE", "PSHOP"].reduce(
  (settings, id) => withMode(settings, id, { mode: "armed", policy: `${id}BOT` }, byTest),
  defaultSettings,
);

/** Opened `ago` minutes before now, closed by the monitor after `lasted` minutes. */
async function lived(
  ledger: Ledger,
  incident: string,
  {
    ago,
    lasted,
    ...fields
  }: { ago: number; lasted: number | null } & Partial<Parameters<typeof aPrediction>[0]>,
): Promise<void> {
  const openedAt = NOW - ago * MINUTE;
  const service = "PDATABASE";
  const tell = (type: string, at: number) =>
    ledger.recordEvent(eventOf({ type, incident, at, service }), { windowMs: WINDOW });
  await tell("triggered", openedAt);
  if (lasted !== null) await tell("resolved", openedAt + lasted * MINUTE);
  await ledger.createPrediction(
    aPrediction({
      incident,
      service,
      openedAt,
      decidedAt: openedAt,
      holdUntil: fields.decision === "page" ? null : openedAt + WINDOW,
      ...fields,
    }),
  );
}

const ofLine = (stdout: string): Record<string, unknown> => {
  const [line] = jsonLines(stdout);
  if (typeof line !== "object" || line === null) throw new Error("not a line of JSON");
  return { ...line };
};

test("disarm takes one service, or all, off at once, with who and why; and says what was wrong about what it was told", async () => {
  const { run, change } = await home((ledger) => ledger.saveSettings(armedTwice));
  const unknown = await run("disarm", "PNOBODY", "--why", "x");
  expect(unknown.code).toBe(1);
  expect(unknown.stderr).toContain(
    "service PNOBODY has no mode of its own, so it is not armed. Armed: PDATABASE, PSHOP",
  );
  expect((await run("disarm", "--why", "x")).code).toBe(2);
  expect((await run("disarm", "PSHOP")).code).toBe(2);
  expect((await run("disarm", "PSHOP", "--all", "--why", "x")).code).toBe(2);

  const one = await run("disarm", "PSHOP", "--why", "it flaps", "--who", "Robin");
  expect(one.code).toBe(0);
  expect(one.stdout).toContain("Disarmed by Robin: PSHOP. What is held is paged");
  expect((await change((ledger) => ledger.settings())).services).toMatchObject({
    PSHOP: { mode: "shadow", policy: "PSHOPBOT", who: "Robin", why: "it flaps" },
    PDATABASE: { mode: "armed" },
  });
  expect((await run("status")).code).toBe(0);

  const all = await run("disarm", "--all", "--why", "too many late pages", "--who", "Robin", "--json");
  expect(ofLine(all.stdout)).toMatchObject({ disarmed: ["PDATABASE"], all: true, who: "Robin" });
  const after = await run("status");
  expect(after.code).toBe(4);
  expect(after.stderr).toContain("the bot is disarmed, by Robin: too many late pages");
});

test("status shows modes, champion, budget, what is held now and the last decisions", async () => {
  const { run, change } = await home(async (ledger) => {
    await ledger.saveSettings(armedTwice);
    await ledger.promote("v7");
    await lived(ledger, "PHELD", { ago: 1, lasted: null, unsettled: true });
    const sentence = "The score of this process counts: it asked another model.";
    await lived(ledger, "PENDED", {
      ago: 2,
      lasted: null,
      ended: { at: NOW, why: "released" },
      scoredBy: "process",
      verdicts: [{ name: "endpoint", allowsHold: true, sentence }],
    });
    // Before the service was armed, but in the last 30 days; and longer ago.
    await lived(ledger, "PBEFORE", { ago: 2 * 24 * 60, lasted: 30, decision: "page" });
    await lived(ledger, "PLONGAGO", { ago: 31 * 24 * 60, lasted: 30, decision: "page" });
    for (let i = 0; i < 12; i++)
      await lived(ledger, `PREAL${i}`, {
        ago: 100 + i,
        lasted: 30,
        decision: "page",
        decidedBy: "threshold",
      });
  });
  const { code, stdout } = await run("status", "--json");
  expect(code).toBe(0);
  expect(ofLine(stdout)).toMatchObject({
    disarmed: null,
    champion: "v7",
    services: [
      { service: "PDATABASE", mode: "armed", policy: "PDATABASEBOT", who: "PROBIN" },
      { service: "PSHOP", mode: "armed" },
    ],
    budget: { misses: 0, neededHuman: 13, spent: 0 },
    holds: [{ incident: "PHELD", holdUntil: NOW + 4 * MINUTE }],
    decisions: expect.toSatisfy((list: readonly unknown[]) => list.length === 10),
  });
  const text = await run("status");
  expect(text.stdout).toMatch(/PHELD {2}PDATABASE {2}\d min left/);
  expect(text.stdout).toMatch(
    /endpoint {3}asked about one hold of the last 30 days, and none of its answers counted\. The newest did not: The\s+score of this process counts: it asked another model\./,
  );

  await change(async (ledger) => {
    for (let i = 0; i < 8; i++) {
      await lived(ledger, `PMISS${i}`, { ago: 50 + i, lasted: 30, unsettled: true });
      await ledger.settleHold(`PMISS${i}`, NOW - 45 * MINUTE);
    }
  });
  await change((ledger) =>
    ledger.changeSettings((settings) =>
      disarmService(settings, "PSHOP", { who: "Mr Data", at: NOW, why: "the check level-2-gaps failed" }),
    ),
  );
  const off = await run("status");
  expect(off.code).toBe(4);
  expect(off.stderr).toContain("the bot disarmed PSHOP, for the check level-2-gaps failed");
  await change((ledger) => ledger.saveSettings(armedTwice));
  const spent = await run("status");
  expect(spent.code).toBe(4);
  expect(spent.stderr).toMatch(/the miss budget is spent: .*8 /);
});

test("settings that cannot be read are named by field, wherever they are asked for", async () => {
  const { run, change } = await home((ledger) => ledger.saveSettings(armedTwice));
  const { openEmbeddedStore } = await import("@mrdata/platform/embedded");
  void change;
  const directory = temporaryFolder();
  const store = openEmbeddedStore({ file: `${directory}/ledger.sqlite` });
  await store.set("settings/bot", { ...armedTwice, schema: 3 });
  await store.close();
  const status = await mrdataHere(["status", "--home", directory]);
  expect(status.code).toBe(4);
  expect(status.stderr).toContain(
    "everything is paged at once: document settings/bot cannot be read: field 'schema': is 3",
  );
  const mode = await mrdataHere(["mode", "PSHOP", "annotate", "--home", directory]);
  expect(mode.code).toBe(4);
  expect(mode.stderr).toMatch(/everything is paged at once: .* field 'schema'/);
  const disarm = await mrdataHere(["disarm", "--all", "--why", "x", "--home", directory]);
  expect(disarm.code).toBe(4);
  expect(disarm.stderr).toContain("nothing is held and everything is paged at once");
  expect(disarm.stderr).toContain("field 'schema'");
  const anew = (...more: readonly string[]) =>
    mrdataHere([
      "disarm",
      "--all",
      "--anew",
      "--why",
      "it broke",
      "--who",
      "Robin",
      "--home",
      directory,
      ...more,
    ]);
  const unconfirmed = await anew();
  expect(unconfirmed.code).toBe(2);
  expect(unconfirmed.stderr).toContain("say its name: --confirm='settings'");
  expect((await mrdataHere(["status", "--home", directory])).stderr).toContain("cannot be read");
  const written = await anew("--confirm=settings");
  expect(written.code).toBe(0);
  expect(written.stdout).toContain("Cautious settings are written in their place, disarmed by Robin");
  expect((await mrdataHere(["status", "--home", directory])).stderr).toContain(
    "the bot is disarmed, by Robin: it broke",
  );
  expect((await run("status")).code).toBe(0);
});

test("decisions tells hits, misses, pages and control apart, as lines, JSON and CSV, and names the monitors to fix", async () => {
  const { run } = await home(async (ledger) => {
    await ledger.saveSettings(armedTwice);
    await lived(ledger, "PHIT1", { ago: 300, lasted: 2 });
    await lived(ledger, "PHIT2", { ago: 280, lasted: 2 });
    await lived(ledger, "PHIT3", { ago: 260, lasted: 2 });
    await lived(ledger, "PMISS", { ago: 100, lasted: 30, alertType: "another" });
    await lived(ledger, "PGOOD", { ago: 90, lasted: 30, decision: "page", alertType: "another" });
    await lived(ledger, "PWASTE", { ago: 80, lasted: 2, decision: "page", alertType: "another" });
    await lived(ledger, "PCONTROL", {
      ago: 70,
      lasted: 2,
      decision: "page",
      decidedBy: "control",
      control: { share: 0.05, drawn: true },
      alertType: "another",
    });
    await lived(ledger, "PLONGAGO", { ago: 60 * 24 * 60, lasted: 2 });
    await ledger.recordEvent(
      eventOf({
        type: "annotated",
        incident: "PWASTE",
        at: NOW - 70 * MINUTE,
        agent: { id: "PROBIN", type: "user_reference", summary: "Robin" },
        note: "mrdata: noise",
      }),
      { windowMs: WINDOW },
    );
  });
  const read = ofLine((await run("decisions", "--since", "30d", "--json")).stdout);
  expect(read.counts).toEqual({
    hit: 3,
    miss: 1,
    "correct page": 1,
    "unneeded page": 1,
    control: 1,
    neither: 0,
    open: 0,
  });
  expect(read.monitorsToFix).toMatchObject([{ holds: 3, cameBack: 2, service: "PDATABASE" }]);
  expect(read.rows).toContainEqual(
    expect.objectContaining({
      incident: "PWASTE",
      result: "unneeded page",
      feedback: [{ said: "noise", who: "PROBIN", at: NOW - 70 * MINUTE }],
    }),
  );
  const { stdout: csv } = await run("decisions", "--since", "30d", "--csv");
  const lines = csv.trim().split("\n");
  expect(lines[0]).toMatch(/^incident,service,title,opened_at,/);
  expect(lines).toHaveLength(8);
  expect(lines.find((line) => line.startsWith("PMISS"))).toContain(",needed-human,miss,300,");
  const table = (await run("decisions", "--since", "30d")).stdout.split("\n");
  expect(table[0]).toMatch(/^opened \(UTC\) +came to +decision +sure +incident +service +title$/);
  // Each in its column, whatever it is.
  const from = table[0]?.indexOf("incident") ?? Number.NaN;
  for (const line of table.slice(1, 8)) expect(line.slice(from)).toMatch(/^P[A-Z0-9]+ +Database +Disk/);
  expect((await run("decisions", "--service", "PSHOP")).stdout).toContain("Nothing was decided");
  expect((await run("decisions", "--since", "1w")).code).toBe(2);
  expect((await run("decisions", "--csv", "--json")).code).toBe(2);
});

test("decisions says how many holds of a service that is not armed would have been none, for holds add up", async () => {
  const { run } = await home(async (ledger) => {
    for (let i = 0; i < 6; i++)
      await lived(ledger, `PFLAP${i}`, { ago: 60 - 5 * i, lasted: 2, mode: "shadow", holdUntil: null });
  });
  expect(ofLine((await run("decisions", "--json")).stdout).unarmed).toEqual({ holds: 6, asArmed: 3 });
  expect((await run("decisions")).stdout).toContain(
    "6 of these holds are of services that are not armed. Armed, where holds add up, 3 would have been held.",
  );
});

test("settings are shown and set one by one; what could not be read back is refused with its field", async () => {
  const { run, change } = await home((ledger) => ledger.saveSettings(armedTwice));
  expect(ofLine((await run("settings", "--json")).stdout)).toEqual(armedTwice);
  expect((await run("settings", "missBudget", "0.05")).code).toBe(0);
  expect((await run("settings", "neverHold.titles", '["payment*fail"]')).code).toBe(0);
  expect(await change((ledger) => ledger.settings())).toEqual({
    ...armedTwice,
    missBudget: 0.05,
    neverHold: { ...armedTwice.neverHold, titles: ["payment*fail"] },
  });
  for (const [field, value, problem] of [
    [
      "missBudget",
      "1.5",
      "nothing was changed: a miss budget of 1.5 is no share: give one above 0 and below 1",
    ],
    ["caps.service", "-1", "nothing was changed: document settings/bot cannot be read: field 'caps.service'"],
    ["hours", '{"zone":"Mars","from":"22:00","to":"08:00","days":null}', "field 'hours.zone'"],
    ["neverHold.urgencies", '["medium"]', "field 'neverHold.urgencies.0'"],
    ["services", "{}", "use mrdata arm, mrdata mode or mrdata disarm"],
    ["holdEverything", "true", "is no setting"],
    ["control", "much", "is not JSON"],
  ] as const) {
    const refused = await run("settings", field, value);
    expect(refused.code, field).toBe(2);
    expect(refused.stderr).toContain(problem);
  }
  expect((await change((ledger) => ledger.settings())).missBudget).toBe(0.05);
  // What is misspelt there would be held: it is set, for it may be a new service, and asked about.
  const never = await run("settings", "neverHold.services", '["PSHOP", "PSHOPP"]');
  expect(never).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/Look again: .*'PSHOPP'.*mean PSHOP\?/),
  });
  expect(never.stderr).not.toContain("'PSHOP'");
});
