import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { localFiles } from "@mrdata/functions";
import { z } from "zod";

const running = z.object({ pid: z.number(), webhookUrl: z.string() });

/** Notes in the home that a server runs there, so that other commands find it. Answers with what takes the note away. */
export function noteRunning(home: string, webhookUrl: string): () => void {
  const file = localFiles(home).running;
  writeFileSync(file, `${JSON.stringify({ pid: process.pid, webhookUrl })}\n`);
  return () => rmSync(file, { force: true });
}

/** The webhook URL of the server that runs in this home, or null. A note left by a process that is gone is not believed. */
export function findRunning(home: string): { readonly webhookUrl: string; readonly pid: number } | null {
  try {
    const note = running.parse(JSON.parse(readFileSync(localFiles(home).running, "utf8")));
    process.kill(note.pid, 0);
    return note.pid === process.pid ? null : note;
  } catch {
    return null;
  }
}
