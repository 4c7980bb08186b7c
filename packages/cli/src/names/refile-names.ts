import { type IncidentEvent, shardOf } from "@mrdata/incident";
import type { Ledger } from "@mrdata/platform";
import { openWithDeployedConfig } from "../deployed-config.ts";
import { paceOf } from "../pace.ts";
import { chooseTarget, type TargetOptions } from "../target.ts";
import type { Terminal } from "../terminal.ts";

/** Incidents of one service and shard per write. */
const BATCH_SIZE = 100;

export type Refiled = { readonly incidents: number; readonly refiled: number; readonly setAside: number };

/**
 * Refiles the ledger under the current naming version: replays each incident's events into the records that do not count them yet.
 * Existing records stay; the operation is idempotent and can be resumed after an interruption.
 */
export async function refile(
  ledger: Pick<Ledger, "pastIncidents" | "recordPast">,
  windowMs: number,
  progress: (done: number) => void = () => {},
): Promise<Refiled> {
  const waiting = new Map<string, (readonly IncidentEvent[])[]>();
  const counts = { incidents: 0, refiled: 0, setAside: 0 };
  const write = async (pasts: readonly (readonly IncidentEvent[])[]) => {
    const { completed, setAside = [] } = await ledger.recordPast(pasts, { windowMs });
    counts.refiled += completed;
    counts.setAside += setAside.length;
    progress(counts.incidents);
  };
  for await (const { state, events } of ledger.pastIncidents()) {
    counts.incidents += 1;
    const group = `${state.service} ${shardOf(state.incident)}`;
    const pasts = waiting.get(group) ?? [];
    pasts.push(events);
    waiting.set(group, pasts);
    if (pasts.length < BATCH_SIZE) continue;
    waiting.delete(group);
    await write(pasts);
  }
  for (const pasts of waiting.values()) await write(pasts);
  return counts;
}

export async function refileNames(
  options: TargetOptions & { readonly json: boolean },
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { ledger, windowMs } = await openWithDeployedConfig(chooseTarget(options, env), env);
  try {
    const pace = paceOf(Date.now);
    const counts = await refile(ledger, windowMs, (done) =>
      terminal.progress(`${done} incidents${pace(done)}`),
    );
    terminal.out(
      options.json
        ? JSON.stringify(counts)
        : `${counts.incidents} incidents, ${counts.refiled} filed under names that did not count them${counts.setAside === 0 ? "" : `, ${counts.setAside} set aside`}`,
    );
  } finally {
    await ledger.close();
  }
}
