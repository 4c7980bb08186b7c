import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { allIndexes, createLedger, defaultSettings, withMode } from "@mrdata/platform";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import { expect, test } from "vitest";
import { eventOf } from "../support/events.ts";
import { jsonLines, temporaryFolder } from "../support/mrdata.ts";
import { mrdataHere } from "../support/mrdata-here.ts";
import { aPrediction } from "../support/predictions.ts";

const harm = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
/** Each of another family: what a title, a name or a note may hold. */
const evils = [
  "\u001b[31mred",
  "\u009b2Jcleared",
  "\u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007",
  "first\n2026-03-02 03:00  hit  hold (threshold)  PFORGED",
  "\r\u2028\u2029\u0085next",
  "\u202egnp.exe\u2066",
  "zero\u200bwidth\ufeff",
  "\u0007\b\u007f",
];

test.each(evils)(
  "whatever %j is written into, every command writes a line for a line and nothing that harms",
  async (evil) => {
    const home = temporaryFolder();
    const store = openEmbeddedStore({ file: join(home, "ledger.sqlite"), indexes: allIndexes });
    const ledger = createLedger(store);
    const at = Date.now() - 3_600_000;
    const event = (type: string, more = {}) =>
      eventOf({ type, incident: "P1", at, service: "PSVC001", title: `=1+1;${evil}`, ...more });
    const rules = { windowMs: 300_000 };
    await ledger.recordEvent(event("triggered"), rules);
    const { snapshot: _, ...told } = event("triggered");
    const note = {
      id: "E2",
      type: "annotated",
      actor: "human",
      actorId: `PROBIN${evil}`,
      occurredAt: at + 1,
    } as const;
    await ledger.recordEvent({ ...told, snapshot: null, ...note, note: `mrdata: real ${evil}` }, rules);
    await ledger.createPrediction(
      aPrediction({
        incident: "P1",
        openedAt: at,
        decidedAt: at,
        holdUntil: at + 300_000,
        verdicts: [{ name: "never-hold", allowsHold: false, sentence: `The title ${evil} matches.` }],
        taken: { action: "paged", sentence: `Escalated: ${evil}`, at },
      }),
    );
    await ledger.saveSettings(
      withMode(defaultSettings, "PSVC001", { mode: "annotate", policy: null }, { who: evil, at, why: evil }),
    );
    await ledger.close();

    const folder = join(home, "history");
    mkdirSync(folder);
    const file = join(folder, `${evil.replaceAll("/", "|")}.csv`);
    writeFileSync(file, `id,service,title,created_at,"${evil.replaceAll('"', "")}"\n1,S,"${evil}",never,2\n`);
    const commands: readonly (readonly [readonly string[], number | null])[] = [
      [["decisions"], null],
      [["decisions", "--csv"], 2],
      [["explain", "P1"], null],
      [["status"], null],
      [["settings"], null],
      [["import", file], 0],
    ];
    for (const [command, lines] of commands) {
      const { stdout, stderr } = await mrdataHere([...command, "--home", home]);
      const all = [...stdout.split("\n"), ...stderr.split("\n")];
      for (const line of all) expect(line, command.join(" ")).not.toMatch(harm);
      if (lines !== null) expect(stdout.split("\n").filter((line) => line !== "")).toHaveLength(lines);
      if (command[0] === "decisions") expect(stdout).not.toMatch(/^2026-03-02 03:00/m);
    }
    const { stdout: csv } = await mrdataHere(["decisions", "--csv", "--home", home]);
    expect(csv.split("\n")[1]).toMatch(/^P1,PSVC001,("?)'=1\+1;/);
    for (const command of [["decisions"], ["explain", "P1"], ["settings"]]) {
      const { stdout } = await mrdataHere([...command, "--json", "--home", home]);
      expect(stdout.trimEnd()).not.toMatch(harm);
      // A machine reads what was written.
      if (command[0] === "explain") {
        const [explained] = jsonLines(stdout);
        expect(JSON.stringify(explained)).toContain(JSON.stringify(`Escalated: ${evil}`).slice(1, -1));
      }
    }
  },
);
