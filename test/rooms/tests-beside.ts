import { basename } from "node:path";

/** Files that only name, wire, declare or help tests. */
const wiring = /^(?:index|entry|manifest|build-.*)\.ts$|\.(?:test|fixture|arbitrary)\.ts$/;

/** So many branches make a file one that decides something. */
const BRANCHES = 3;

const withoutComments = (source: string): string =>
  source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\/\/.*/g, "");

/** Whether a file decides something: three branches or more, and it is none that only wires or declares. */
export const decides = (file: string, source: string): boolean =>
  !wiring.test(basename(file)) &&
  [...withoutComments(source).matchAll(/\bif \(|\bcase |\bwhile \(| \? /g)].length >= BRANCHES;

export const testBeside = (file: string): string => file.replace(/\.ts$/, ".test.ts");
