import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { removeOldArchives } from "../old-archives.ts";

it("archives of former sources go after a day; what is needed, or may be read right now, stays", () => {
  const folder = mkdtempSync(join(tmpdir(), "mrdata-archives-"));
  try {
    const hour = 3600;
    const now = Date.now() / 1000;
    const ages = {
      "receive-new": 30,
      "receive-old": 30,
      "record-yesterday": 25,
      "record-today": 23,
      "building-x": 48,
    };
    for (const [name, hours] of Object.entries(ages)) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, "index.js"), "");
      utimesSync(join(folder, name), now - hours * hour, now - hours * hour);
    }
    writeFileSync(join(folder, "of-sources-1.json"), "[]");
    utimesSync(join(folder, "of-sources-1.json"), now - 30 * hour, now - 30 * hour);
    removeOldArchives(folder, new Set(["receive-new"]), now * 1000);
    expect(readdirSync(folder).sort()).toEqual(["receive-new", "record-today"]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
