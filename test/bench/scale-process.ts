import { spawnSync } from "node:child_process";
import { join } from "node:path";

export const STEPS = ["read", "import", "features", "forest"] as const;

export type Took = { readonly seconds: number; readonly processor: number };
export type Done = Readonly<Record<(typeof STEPS)[number], Took>> & { readonly memory: number };

/** Reads a history file, imports it, makes features of it and grows a forest, in a process of its own. */
export function scaleProcess(file: string, home: string): Done {
  const script = join(import.meta.dirname, "scale-child.ts");
  // The limit that Node sets itself where the machine has two gigabytes: half of them. With more it would let garbage lie.
  const ran = spawnSync(process.execPath, ["--max-old-space-size=1024", script, file, home], {
    encoding: "utf8",
  });
  if (ran.status !== 0) throw new Error(`the child ended with ${ran.status}:\n${ran.stderr}`);
  return JSON.parse(ran.stdout);
}
