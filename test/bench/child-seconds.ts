import { readFileSync } from "node:fs";

/** Processor time of all children that have ended, seconds (proc(5), /proc/self/stat, fields 16 and 17, in hundredths). */
export function childSeconds(): number {
  const stat = readFileSync("/proc/self/stat", "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return (Number(stat[13]) + Number(stat[14])) / 100;
}
