import { sampled } from "./sample.ts";

/** A part of a whole that several machines, or several evenings, share: the second of four is `{ part: 2, of: 4 }`. */
export type Part = { readonly part: number; readonly of: number };

const WRITTEN = /^([1-9]\d*)\/([1-9]\d*)$/;

/** `K/N` as a part. @throws Error where it is none. */
export function readPart(text: string): Part {
  const [, part, of] = (WRITTEN.exec(text) ?? []).map(Number);
  if (part === undefined || of === undefined || part > of)
    throw new Error(`A part is K/N, as 2/4 for the second of four; this is not one: ${JSON.stringify(text)}`);
  return { part, of };
}

/** Those of a part, mixed by the seed: all parts together are all, none of them twice. */
export const ofPart = <T>(all: readonly T[], { part, of }: Part, seed: string): readonly T[] =>
  sampled(all, all.length, seed).filter((_one, i) => i % of === part - 1);
