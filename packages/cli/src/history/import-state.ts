import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { PastIncident } from "@mrdata/incident";
import { pastIncidentReader, rowOfPast } from "@mrdata/learning";
import { z } from "zod";
import { CommandError } from "../exit-codes.ts";

/** What an import over the REST API is of. Times are milliseconds since the epoch. */
export type Begun = {
  readonly account: string;
  readonly asked: string;
  readonly since: number;
  readonly until: number;
};

export type ImportState = Begun & {
  /** Up to where all was read. */
  readonly done: number;
  readonly incidents: readonly PastIncident[];
};

const begun = z.object({ account: z.string(), asked: z.string(), since: z.number(), until: z.number() });
const mark = z.object({ done: z.number() });

/**
 * The state of an import that is under way, as a file: a line that says of what, then the incidents of each stretch
 * with a mark behind them. Lines behind the last mark are of a stretch that was not finished, and count for nothing.
 */
export const importStateIn = (file: string) => ({
  file,

  /** Null where none is under way. Throws CommandError for a file that cannot be read. */
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
    let stretch: PastIncident[] = [];
    let done = of.data.since;
    for (const line of lines) {
      const value = jsonOf(line);
      const marked = mark.safeParse(value);
      if (marked.success) {
        incidents.push(...stretch);
        stretch = [];
        done = marked.data.done;
        continue;
      }
      const row = read(value);
      if ("incident" in row) stretch.push(row.incident);
    }
    return { ...of.data, done, incidents };
  },

  begin(of: Begun): void {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, `${JSON.stringify(of)}\n`, { mode: 0o600 });
  },

  add(incidents: readonly PastIncident[], done: number): void {
    const lines = [...incidents.map(rowOfPast), { done }].map((row) => JSON.stringify(row));
    // What was cut off in the middle of a line must not join the next.
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
