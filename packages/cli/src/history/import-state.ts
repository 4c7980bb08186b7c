import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { PastIncident } from "@mrdata/incident";
import { pastIncidentReader, rowOfPast } from "@mrdata/learning";
import { z } from "zod";
import { CommandError } from "../exit-codes.ts";

/** The range of an import over the REST API. Times are milliseconds since the epoch. The keys are those of the state file. */
export type ImportRange = {
  readonly account: string;
  readonly asked: string;
  readonly since: number;
  readonly until: number;
};

export type ImportState = ImportRange & {
  /** Everything up to this time was read. */
  readonly done: number;
  readonly incidents: readonly PastIncident[];
};

const begun = z.object({ account: z.string(), asked: z.string(), since: z.number(), until: z.number() });
const marker = z.object({ done: z.number() });

/**
 * The state of an import that is under way, as a file: a header line with its range, then the incidents of each batch followed by a
 * marker. Lines after the last marker belong to an unfinished batch and are ignored.
 */
export const importStateIn = (file: string) => ({
  file,

  /** Null if none is under way. Throws CommandError if the file is not a state file. */
  read(): ImportState | null {
    if (!existsSync(file)) return null;
    const read = pastIncidentReader();
    const [head = "", ...lines] = readFileSync(file, "utf8").split("\n");
    const of = begun.safeParse(jsonOf(head));
    if (!of.success)
      throw new CommandError(
        `${file} is not the state of an import: delete it, or begin anew with --restart`,
      );
    const incidents: PastIncident[] = [];
    let batch: PastIncident[] = [];
    let done = of.data.since;
    for (const line of lines) {
      const value = jsonOf(line);
      const marked = marker.safeParse(value);
      if (marked.success) {
        incidents.push(...batch);
        batch = [];
        done = marked.data.done;
        continue;
      }
      const row = read(value);
      if ("incident" in row) batch.push(row.incident);
    }
    return { ...of.data, done, incidents };
  },

  begin(of: ImportRange): void {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, `${JSON.stringify(of)}\n`, { mode: 0o600 });
  },

  add(incidents: readonly PastIncident[], done: number): void {
    const lines = [...incidents.map(rowOfPast), { done }].map((row) => JSON.stringify(row));
    // A line cut off by an interruption must not merge with the next.
    appendFileSync(file, `\n${lines.join("\n")}\n`);
  },

  end(): void {
    rmSync(file, { force: true });
  },
});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
