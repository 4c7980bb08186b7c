import { expect, test } from "vitest";
import { problemList } from "./problems.ts";
import { refuseLostDigits } from "./unquoted.ts";

const said = (line: string, value: string): readonly string[] => {
  const problems = problemList();
  refuseLostDigits(`config:\n  gcp:project: a-project\n  ${line}\n`, "suffix", value, problems);
  return problems.all;
};

test("a number whose digits were lost is refused, with the command that writes it with quotes", () => {
  expect(said("mrdata:suffix: 010", "8")).toEqual([
    "mrdata:suffix is written 010 without quotes in the stack's file, and YAML reads that as 8: pulumi config set suffix 010",
  ]);
  expect(said("mrdata:suffix: 0123 # two", "83")).toHaveLength(1);
  expect(said("mrdata:suffix: 1_000", "1000")).toHaveLength(1);
});

test("what is read as it is written is no problem, nor what somebody else says", () => {
  for (const [line, value] of [
    ['mrdata:suffix: "010"', "010"],
    ["mrdata:suffix: '010'", "010"],
    ["mrdata:suffix: 2", "2"],
    ["mrdata:suffix: two", "two"],
    ["mrdata:suffixes: 010", "8"],
    ["# mrdata:suffix: 010", "two"],
  ] as const)
    expect(said(line, value), line).toEqual([]);
});
