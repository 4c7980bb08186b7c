import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventsOf, type PastIncident } from "@mrdata/incident";
import { defaultSettings, type Ledger, withMode } from "@mrdata/platform";
import { expect, test } from "vitest";
import { withHomeLedger } from "../support/home-ledger.ts";
import { temporaryFolder } from "../support/mrdata.ts";
import { mrdataHere } from "../support/mrdata-here.ts";
import { aPrediction } from "../support/predictions.ts";

const MINUTE = 60_000;
const AT = "2026-03-02T04:30:00Z";
const NOW = Date.parse(AT);
const TITLE = "Disk <b>91%</b> full on db-3";

/** A home in which one hold was a miss yesterday, and one is live. */
async function home(): Promise<string> {
  const folder = temporaryFolder();
  await withHomeLedger(folder, async (ledger) => {
    const by = { who: "robin", at: NOW - 9 * 86_400_000, why: "a quiet month" };
    await ledger.saveSettings(withMode(defaultSettings, "PSVC001", { mode: "armed", policy: "PARMED" }, by));
    await held(ledger, "PMISSED", NOW - 20 * 60 * MINUTE, NOW - 18 * 60 * MINUTE);
    await held(ledger, "PLIVE", NOW - 2 * MINUTE, null);
  });
  return folder;
}

async function held(ledger: Ledger, id: string, createdAt: number, resolvedAt: number | null): Promise<void> {
  const past: PastIncident = {
    id,
    service: "PSVC001",
    serviceName: "Database",
    title: TITLE,
    createdAt,
    resolvedAt,
    resolvedBy: resolvedAt === null ? null : "human",
    acknowledgedAt: null,
    takenOverAt: null,
    mergedInto: null,
    urgency: "high",
    details: {},
  };
  for (const event of eventsOf(past)) await ledger.recordEvent(event, { windowMs: 5 * MINUTE });
  await ledger.createPrediction(
    aPrediction({
      incident: id,
      service: "PSVC001",
      alertType: "PSVC001:1",
      mode: "armed",
      decision: "hold",
      decidedBy: "threshold",
      probability: 0.93,
      abstained: null,
      openedAt: createdAt,
      holdUntil: createdAt + 5 * MINUTE,
      ...(resolvedAt === null ? { unsettled: true as const } : {}),
    }),
  );
}

test("report writes a page that is one file: it says what is held, what was late, and leads nowhere else", async () => {
  const folder = await home();
  const file = join(folder, "week.html");
  const ran = await mrdataHere([
    "report",
    "--home",
    folder,
    "--at",
    AT,
    "--html",
    file,
    "--time-zone",
    "Europe/Berlin",
  ]);
  expect(ran).toMatchObject({ code: 0, stdout: "", stderr: `Wrote ${file}.\n` });
  const page = readFileSync(file, "utf8");
  expect(page).toContain("1 page held back right now");
  expect(page).toContain("(Europe/Berlin)");
  expect(page).toContain("Disk &lt;b&gt;91%&lt;/b&gt; full on db-3");
  expect(page.match(/<span class="badge late">paged late<\/span> by 5 min/g)).toHaveLength(1);
  expect(page).not.toMatch(/<script|http:|src=|href="\//);
});

test("with --json the same as data, and a page for an incident; changes nothing", async () => {
  const folder = await home();
  const before = readFileSync(join(folder, "ledger.sqlite"));
  const { code, stdout } = await mrdataHere(["report", "--home", folder, "--at", AT, "--json"]);
  expect(code).toBe(0);
  const data = JSON.parse(stdout);
  expect(data).toMatchObject({ at: NOW, timeZone: "UTC", held: [{ incident: "PLIVE" }] });
  expect(data.incidents.map(({ result }: { result: string }) => result)).toEqual(["open", "miss"]);
  const file = join(folder, "one.html");
  await mrdataHere(["report", "--home", folder, "--at", AT, "--incident", "PMISSED", "--html", file]);
  expect(readFileSync(file, "utf8")).toContain("decided by <strong>threshold</strong>");
  expect(readFileSync(join(folder, "ledger.sqlite")).equals(before)).toBe(true);
});

test("a home whose decisions lie in the past is told when they were, by every command that shows nothing", async () => {
  const folder = await home();
  const ask = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await mrdataHere([...args, "--home", folder]);
    return { code, text: `${stdout}${stderr}`.replace(/\s+/g, " ") };
  };
  const last = new Date(NOW - 2 * MINUTE).toISOString().slice(0, 16).replace("T", " ");
  const file = join(folder, "empty.html");
  const page = await ask("report", "--html", file);
  expect(page.text).toContain(
    `the last decision is of ${last} UTC. With --at 2026-03-02T04:33Z the page tells`,
  );
  expect(readFileSync(file, "utf8")).toContain(`the last decision is of ${last} UTC.`);
  for (const command of ["status", "digest", "decisions"])
    expect((await ask(command)).text, command).toContain(`the last decision is of ${last}`);
  const [, days = ""] = /--since (\d+)d reaches it/.exec((await ask("decisions")).text) ?? [];
  expect((await ask("decisions", "--since", `${days}d`)).text).toContain("PLIVE");
  expect((await ask("report", "--html", file, "--at", AT)).text).not.toContain("the last decision");
});

test("what cannot be meant is a sentence", async () => {
  const folder = await home();
  const ask = async (...args: readonly string[]) => {
    const { code, stderr } = await mrdataHere(["report", "--home", folder, ...args]);
    return `${code} ${stderr}`;
  };
  expect(await ask()).toMatch(/^2 .*--html FILE/);
  expect(await ask("--json", "--incident", "PNONE")).toMatch(/^1 .*nothing is known of the incident PNONE/);
  expect(await ask("--json", "--alarm", "PNONE:1")).toMatch(/^1 .*nothing is known of the alarm/);
  expect(await ask("--json", "--at", "yesterday")).toMatch(/^2 .*a moment is written like/);
  expect(await ask("--json", "--incident", "P1", "--alarm", "P1")).toMatch(/^2 .*only one of/);
  const blocked = join(folder, "a-file");
  writeFileSync(blocked, "");
  expect(await ask("--html", join(blocked, "x.html"))).toMatch(/^1 .*cannot be written/);
});

test("the report is never on the webhook's port", async () => {
  const { code, stderr } = await mrdataHere([
    "serve",
    "--home",
    temporaryFolder(),
    "--port",
    "8123",
    "--report-port",
    "8123",
  ]);
  expect(code).toBe(2);
  expect(stderr).toContain("the report never is");
});
