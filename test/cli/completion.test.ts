import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../support/mrdata.ts";
import { mrdataHere } from "../support/mrdata-here.ts";

const has = (shell: string): boolean => spawnSync(shell, ["--version"]).status === 0;
const scriptOf = async (shell: string): Promise<string> => (await mrdataHere(["completion", shell])).stdout;

/** What bash would offer for the words, the last of which is being typed. */
function offered(script: string, words: readonly string[]): readonly string[] {
  const file = join(temporaryFolder(), "completion.bash");
  writeFileSync(file, script);
  const line = `source '${file}'; COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}; _mrdata; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const ran = spawnSync("bash", ["--norc", "-c", line], { encoding: "utf8" });
  expect(ran.stderr).toBe("");
  return ran.stdout.split("\n").filter((word) => word !== "");
}

describe("completion for bash", () => {
  let script: string;
  beforeAll(async () => {
    script = await scriptOf("bash");
  });

  test.each([
    [["mrdata", "dis"], ["disarm"]],
    [["mrdata", "models", "ro"], ["rollback"]],
    [["mrdata", "models", "promote", "v1", "--i"], ["--i-know"]],
    [["mrdata", "train", "history.csv", "--prom"], ["--promote"]],
    [["mrdata", "status", "--home", "x", "--js"], ["--json"]],
    [["mrdata", "disarm", "--by"], ["--by-note"]],
    [["mrdata", "nothing-of-it"], []],
  ])("%j offers %j", (words, wanted) => {
    expect(offered(script, words)).toEqual(wanted);
  });
});

test.each(["zsh", "fish"])(
  "what is written for %s has every command, and the shell reads it where it is installed",
  async (shell) => {
    const script = await scriptOf(shell);
    for (const word of ["disarm", "dead-letters", "rollback", "by-note"]) expect(script).toContain(word);
    if (!has(shell)) return;
    const file = join(temporaryFolder(), "completion");
    writeFileSync(file, script);
    expect(spawnSync(shell, ["-n", file], { encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
  },
);

test("another shell is refused by the name that was typed", async () => {
  const ran = await mrdataHere(["completion", "tcsh"]);
  expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining("'tcsh'")]);
});
