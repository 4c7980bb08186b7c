import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { localFiles } from "@mrdata/runtime";
import { z } from "zod";

const running = z.object({ pid: z.number(), started: z.string().nullish(), webhookUrl: z.string() });

/**
 * When a process started, in clock ticks since boot; null if that cannot be read. Process ids are reused, in a container after every
 * restart
 * (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html, field 22).
 */
function startOf(pid: number): string | null {
  try {
    const [, fields = ""] = /^.*\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
    return fields.split(" ")[19] ?? null;
  } catch {
    return null;
  }
}

/** Writes a note into the home that a server runs there, so that other commands find it. Returns a function that removes it. */
export function noteRunning(home: string, webhookUrl: string): () => void {
  const file = localFiles(home).running;
  writeFileSync(file, `${JSON.stringify({ pid: process.pid, started: startOf(process.pid), webhookUrl })}\n`);
  return () => rmSync(file, { force: true });
}

/** The server that runs on this home, or null. A stale note of a process that is gone is ignored. */
export function findRunning(home: string): { readonly webhookUrl: string; readonly pid: number } | null {
  try {
    const note = running.parse(JSON.parse(readFileSync(localFiles(home).running, "utf8")));
    process.kill(note.pid, 0);
    const another = note.started != null && note.started !== startOf(note.pid);
    return note.pid === process.pid || another ? null : note;
  } catch {
    return null;
  }
}
