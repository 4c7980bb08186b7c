import { type Problems, setWith } from "./problems.ts";

/**
 * Refuses a setting that YAML has read as a number and not as it was written: 010 without quotes is 8, 1.10 is 1.1. Told by
 * the stack's file, for nothing else knows any more what was written.
 */
export function refuseLostDigits(stackFile: string, key: string, value: string, problems: Problems): void {
  const [, written] = new RegExp(`^\\s*mrdata:${key}:[ \\t]+([^\\s"'#]+)`, "m").exec(stackFile) ?? [];
  if (written === undefined || written === value || !/^[\d._]+$|^0[xob]/.test(written)) return;
  problems.add(
    `mrdata:${key} is written ${written} without quotes in the stack's file, and YAML reads that as ${value}: ${setWith(key, written)}`,
  );
}
