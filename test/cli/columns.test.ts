import { expect, test } from "vitest";
import { withHomeLedger } from "../support/home-ledger.ts";
import { temporaryFolder } from "../support/mrdata.ts";
import { mrdataHere } from "../support/mrdata-here.ts";

const COLUMNS = 60;

/** Commands that print prose on standard output where there is nothing to list. */
const commands = [["status"], ["decisions"], ["vetoes"], ["settings"]] as const;

test.each(commands.map((command) => [command.join(" "), command] as const))(
  "'%s' of an empty ledger is no wider than the terminal, and says the same",
  async (_, command) => {
    const home = temporaryFolder();
    await withHomeLedger(home, async () => {});
    const wide = await mrdataHere([...command, "--home", home]);
    const narrow = await mrdataHere([...command, "--home", home], { columns: COLUMNS });
    expect(narrow.code).toBe(wide.code);
    const lines = narrow.stdout.trimEnd().split("\n");
    expect(lines.filter((line) => line.length > COLUMNS)).toEqual([]);
    const words = (text: string) => text.split(/\s+/).filter((word) => word !== "");
    expect(words(narrow.stdout)).toEqual(words(wide.stdout));
    expect(lines.join("")).not.toBe("");
  },
);
