import { within } from "./quantities.ts";

/** Five fields, each numbers, ranges, lists and steps within what the field can be. */
export function isCron(text: string): boolean {
  const ranges = [
    [0, 59],
    [0, 23],
    [1, 31],
    [1, 12],
    [0, 7],
  ] as const;
  const fields = text.split(" ");
  return (
    fields.length === 5 &&
    ranges.every(([least, most], i) =>
      (fields[i] ?? "").split(",").every((part) => {
        const [, range = "", from, to, step] = /^(\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part) ?? [];
        return (
          range !== "" &&
          [from, to].every((number) => number === undefined || within(Number(number), least, most)) &&
          (step === undefined || Number(step) > 0)
        );
      }),
    )
  );
}
