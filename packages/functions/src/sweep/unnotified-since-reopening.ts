import type { RestLogEntry } from "@mrdata/pagerduty";

/** The newest entries cover what happened since an incident was reopened. */
const MAX_LOG_ENTRIES = 100;

/** The newest entries of an incident's log, newest first. */
export async function newestEntries(log: AsyncIterable<RestLogEntry>): Promise<readonly RestLogEntry[]> {
  const newest: RestLogEntry[] = [];
  for await (const entry of log) if (newest.push(entry) === MAX_LOG_ENTRIES) break;
  return newest;
}

/**
 * When it was reopened, milliseconds since the epoch, if since then no person did anything but write a note, and nobody was
 * notified; else null. `newestFirst` is the log up to the moment that counts, `programs` the ids of the bot and of known programs.
 */
export function unnotifiedSinceReopening(
  newestFirst: readonly RestLogEntry[],
  programs: readonly string[],
): number | null {
  const isPerson = (user: string | null): boolean => user !== null && !programs.includes(user);
  for (const { type, at, agent, isByUser, user } of newestFirst) {
    if (type === "reopen") return at;
    const isByPerson = isByUser && isPerson(agent) && type !== "annotate";
    if (isByPerson || (type === "notify" && isPerson(user))) return null;
    if (type === "trigger" || type === "resolve") return null;
  }
  return null;
}
