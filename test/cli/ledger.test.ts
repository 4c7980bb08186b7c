import { createHash } from "node:crypto";
import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defaultSettings, modeOf, withMode } from "@mrdata/platform";
import { expect, test } from "vitest";
import { eventOf } from "../support/events.ts";
import { withHomeLedger } from "../support/home-ledger.ts";
import { jsonLines, temporaryFolder } from "../support/mrdata.ts";
import { mrdataHere } from "../support/mrdata-here.ts";

const SERVICE = "PDATABASE";
const AT = Date.parse("2026-03-01T03:00:00Z");

/** With what a reader of lines, or a terminal, may stumble over. */
const OPENED = [
  ["PONE", "Disk full: \u202e/var\n"],
  ["PTWO", "a\u2028b\u2029c\u0085d\re\u000bf\u0000g \ufeff\\u2028 😀"],
] as const;

/** A home whose service is armed, and that has seen two incidents of it; exported into a folder. */
async function exported() {
  const home = temporaryFolder();
  await withHomeLedger(home, async (ledger) => {
    for (const [place, [incident, title]] of OPENED.entries())
      await ledger.recordEvent(
        eventOf({
          type: "triggered",
          incident,
          at: AT + place,
          service: SERVICE,
          title,
        }),
        { windowMs: 300_000 },
      );
    const decided = { who: "robin", at: AT, why: "a quiet month" };
    await ledger.saveSettings(
      withMode(defaultSettings, SERVICE, { mode: "armed", policy: "PARMED" }, decided),
    );
  });
  const folder = join(temporaryFolder(), "backup");
  return { home, folder, ran: await mrdataHere(["ledger", "export", folder, "--home", home]) };
}

/** Settings of a later version, in an export that is whole. */
function spoilSettings(folder: string): void {
  const text = `${JSON.stringify({ path: "settings/bot", data: { schema: 9_999 } })}\n`;
  writeFileSync(join(folder, "settings.ndjson"), text);
  const manifest = JSON.parse(readFileSync(join(folder, "export.json"), "utf8"));
  manifest.files["settings.ndjson"].sha256 = createHash("sha256").update(text).digest("hex");
  writeFileSync(join(folder, "export.json"), JSON.stringify(manifest));
}

const filesOf = (folder: string) =>
  new Map(
    readdirSync(folder)
      .filter((file) => file !== "export.json" && file !== "settings.ndjson")
      .map((file) => [file, readFileSync(join(folder, file), "utf8")]),
  );

test("a ledger goes into files and back, equal but that nothing is armed", async () => {
  const { folder, ran } = await exported();
  expect(ran).toMatchObject({ code: 0, stderr: expect.stringContaining(`documents in ${folder}`) });
  expect(ran.stdout).toMatch(/^incidents: 2$/mu);

  const restored = temporaryFolder();
  const back = await mrdataHere(["ledger", "import", folder, "--home", restored]);
  expect(back.code).toBe(0);
  expect(back.stdout).toContain(
    `Nothing is armed any more: ${SERVICE}. 'mrdata doctor', then 'mrdata arm' for each.`,
  );
  await withHomeLedger(restored, async (ledger) => {
    expect(modeOf(await ledger.settings(), SERVICE)).toBe("shadow");
  });

  const again = join(temporaryFolder(), "again");
  await mrdataHere(["ledger", "export", again, "--home", restored]);
  expect(filesOf(again)).toEqual(filesOf(folder));
});

test("both tell how far they are, and of how many where that is known", async () => {
  const home = temporaryFolder();
  await withHomeLedger(home, async (ledger) => {
    for (let place = 0; place < 260; place++)
      await ledger.recordEvent(eventOf({ type: "triggered", incident: `P${place}`, at: AT + place }), {
        windowMs: 300_000,
      });
  });
  const folder = join(temporaryFolder(), "backup");
  const told: string[] = [];
  const progress = (line: string) => void told.push(line);
  const exporting = await mrdataHere(["ledger", "export", folder, "--home", home, "--json"], { progress });
  const { documents }: { documents: number } = JSON.parse(exporting.stdout);
  expect(documents).toBeGreaterThan(520);
  expect(told).toContainEqual(expect.stringMatching(/^reading the ledger: 500 documents/));
  await mrdataHere(["ledger", "import", folder, "--home", temporaryFolder()], { progress });
  expect(told.at(-1)).toMatch(new RegExp(`^writing the ledger: \\d*00 of ${documents} documents`));
});

test("both say in JSON what they did", async () => {
  const { home } = await exported();
  const folder = join(temporaryFolder(), "backup");
  const out = jsonLines((await mrdataHere(["ledger", "export", folder, "--home", home, "--json"])).stdout);
  expect(out).toEqual([expect.objectContaining({ folder, incidents: 2, documents: expect.any(Number) })]);
  const { stdout } = await mrdataHere(["ledger", "import", folder, "--home", temporaryFolder(), "--json"]);
  expect(jsonLines(stdout)).toEqual([{ documents: expect.any(Number), disarmed: [SERVICE], champion: null }]);
});

test("an import goes into an empty ledger only, and an export into a new folder only", async () => {
  const { home, folder } = await exported();
  const mixed = await mrdataHere(["ledger", "import", folder, "--home", home]);
  expect(mixed).toMatchObject({ code: 2, stdout: "" });
  expect(mixed.stderr).toContain("An import goes into an empty ledger only");
  const over = await mrdataHere(["ledger", "export", folder, "--home", home]);
  expect(over).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(`${folder} is not empty: name a new folder`),
  });
});

test("an import that was broken off goes on, and nothing is exported from it before its end", async () => {
  const { folder } = await exported();
  const restored = temporaryFolder();
  const into = ["--home", restored];
  const import_ = () => mrdataHere(["ledger", "import", folder, ...into]);
  // Its settings cannot be read by this version: it ends there, after everything else.
  const sound = new Map(
    ["export.json", "settings.ndjson"].map((file) => [file, readFileSync(join(folder, file))]),
  );
  spoilSettings(folder);
  expect((await import_()).code).not.toBe(0);
  const exporting = await mrdataHere(["ledger", "export", join(temporaryFolder(), "part"), ...into]);
  expect([exporting.code, exporting.stderr]).toEqual([2, expect.stringContaining("is not at its end")]);
  // Another export is another past.
  for (const [file, bytes] of sound) writeFileSync(join(folder, file), bytes);
  expect((await import_()).stderr).toContain("the import of another export was broken off in it");
});

test.each([
  ["is none", (folder: string) => rmSync(join(folder, "export.json")), /it is no export of a ledger/u],
  [
    "lost a file",
    (folder: string) => rmSync(join(folder, "incidents.ndjson")),
    /incidents\.ndjson is missing/u,
  ],
  [
    "was changed",
    (folder: string) => appendFileSync(join(folder, "incidents.ndjson"), "{}\n"),
    /incidents\.ndjson is not what was exported/u,
  ],
  [
    "is of another format",
    (folder: string) => writeFileSync(join(folder, "export.json"), '{"format": 7}'),
    /of a format that this version does not read/u,
  ],
])("a folder that %s is refused in one sentence, and nothing is written", async (_, spoil, sentence) => {
  const { folder } = await exported();
  const spoilt = join(temporaryFolder(), "spoilt");
  cpSync(folder, spoilt, { recursive: true });
  spoil(spoilt);
  const restored = temporaryFolder();
  const { code, stdout, stderr } = await mrdataHere(["ledger", "import", spoilt, "--home", restored]);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(sentence);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  mkdirSync(restored, { recursive: true });
  expect((await mrdataHere(["ledger", "import", folder, "--home", restored])).code).toBe(0);
});
