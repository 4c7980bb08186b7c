import { durationMs, outOfRange } from "@mrdata/base";
import { type Problems, setWith } from "./problems.ts";

/** Settings as Pulumi hands them over: text by name, without the namespace. */
export type Raw = Readonly<Record<string, string>>;

/** Readers of one setting each. What is wrong is added to `problems`, and a harmless value takes its place. */
export function reader(raw: Raw, problems: Problems) {
  const text = (key: string): string => (raw[key] ?? "").trim();
  return {
    text,
    /** Empty is null. */
    optional: (key: string): string | null => text(key) || null,
    matching(key: string, shape: RegExp, expected: string, example: string, secret = false): string {
      const value = text(key);
      if (value === "" || shape.test(value)) return value;
      const said = secret ? "" : ` '${value}'`;
      problems.add(`mrdata:${key}${said} is not ${expected}: ${setWith(key, example, { secret })}`);
      return "";
    },
    boolean(key: string, fallback: boolean): boolean {
      const value = text(key) || String(fallback);
      if (value !== "true" && value !== "false")
        problems.add(`mrdata:${key} '${value}' is neither true nor false: ${setWith(key, String(fallback))}`);
      return value === "true";
    },
    integer(key: string, fallback: number, most: number): number {
      const value = text(key) || String(fallback);
      if (/^\d+$/.test(value) && Number(value) <= most) return Number(value);
      problems.add(
        `mrdata:${key} '${value}' is not a whole number from 0 to ${most}: ${setWith(key, String(fallback))}`,
      );
      return fallback;
    },
    list: (key: string): readonly string[] =>
      text(key)
        .split(",")
        .map((part) => part.trim())
        .filter((part) => part !== ""),
    /** Milliseconds, within bounds that are given in the words of the sentence. */
    duration(
      key: string,
      fallback: string,
      { from, to, says }: { readonly from: number; readonly to: number; readonly says: string },
    ): number {
      const value = text(key) || fallback;
      const length = durationMs(value);
      if (length === null)
        problems.add(
          `mrdata:${key} '${value}' is not a duration (write it like 90s, 5m, 1h or 7d): ${setWith(key, fallback)}`,
        );
      else if (length < from || length > to)
        problems.add(`mrdata:${key} is ${value}, and ${says}: ${setWith(key, fallback)}`);
      else return length;
      return durationMs(fallback) ?? outOfRange();
    },
  };
}
