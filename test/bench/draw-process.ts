import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { z } from "zod";

const done = z.object({
  /** Processor time of the task alone, without the making of the history. */
  seconds: z.number(),
  rows: z.number(),
  /** The most that was there at once, bytes. */
  memory: z.number(),
});

/** Draws of a history of so many incidents, in a process of its own. Throws Error where it does not end. */
export function drawProcess(incidents: number): z.infer<typeof done> {
  const script = join(import.meta.dirname, "draw-child.ts");
  // The limit that Node sets itself where the machine has two gigabytes: half of them.
  const ran = spawnSync(process.execPath, ["--max-old-space-size=1024", script, String(incidents)], {
    encoding: "utf8",
  });
  if (ran.status !== 0) throw new Error(`the child ended with ${ran.status}:\n${ran.stderr}`);
  return done.parse(JSON.parse(ran.stdout));
}
