import { expect, test } from "vitest";
import { commandIn, commands, createProgram } from "./program.ts";

const silent = { out() {}, say() {}, progress() {}, bold: String, dim: String };

test("a command's name loads only that command", async () => {
  for (const name of Object.keys(commands)) {
    const program = await createProgram(silent, {}, name);
    expect(program.commands.map((command) => command.name())).toEqual([name]);
    expect(commandIn([name, "--anything"])).toBe(name === "completion" ? null : name);
  }
});

test.each([
  [[]],
  [["--help"]],
  [["help", "train"]],
  [["trian"]],
  [["constructor"]],
  [["completion", "bash"]],
])("%s takes all commands", (args) => {
  expect(commandIn(args)).toBeNull();
});

test("the version loads no command", async () => {
  expect((await createProgram(silent, {}, commandIn(["--version"]))).commands).toEqual([]);
});

test.each([50, 80, 120])(
  "help is at most %i columns wide, where COLUMNS or the terminal says so",
  async (columns) => {
    const lines: string[] = [];
    const terminal = { ...silent, out: (line: string) => void lines.push(line), columns };
    for (const args of [["--help"], ...Object.keys(commands).map((name) => [name, "--help"])]) {
      const program = await createProgram(terminal, {}, commandIn(args));
      await expect(program.parseAsync(args, { from: "user" })).rejects.toThrow();
    }
    expect(lines.length).toBeGreaterThan(100);
    // A word that is longer than the line stays whole: an example's pattern, a heading.
    const tooLong = lines.filter((line) => line.length > columns && /\S\s+\S/.test(line.trim()));
    expect(
      tooLong.filter((line) => !/^\s*(-|\S+\s)\S*.*<\S+>/.test(line)),
      tooLong.join("\n"),
    ).toEqual([]);
  },
);
