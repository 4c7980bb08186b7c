import { openWithDeployedConfig } from "../deployed-config.ts";
import { intoLedger } from "../history/into-ledger.ts";
import { filesToAccept, noteAccepted } from "../jobs/accept-files.ts";
import { chooseTarget, type TargetOptions } from "../target.ts";
import type { Terminal } from "../terminal.ts";
import { whoIs } from "../who.ts";

/** Imports a job's history files into the ledger, as `mrdata import` does: a person vouches for them. */
export async function acceptFiles(
  job: string,
  options: TargetOptions & { readonly json: boolean },
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const target = chooseTarget(options, env);
  const { ledger, backend, windowMs } = await openWithDeployedConfig(target, env);
  try {
    const results = await backend.results();
    const files = await filesToAccept(job, { ledger, results });
    for (const { incidents } of files) await intoLedger(ledger, incidents, target, windowMs, terminal);
    await noteAccepted(ledger, files, { by: whoIs(undefined), at: Date.now() });
    for (const { name, generation, writtenBy, incidents } of files)
      terminal.out(
        options.json
          ? JSON.stringify({ name, generation, writtenBy, incidents: incidents.length })
          : `${name}: ${incidents.length} incidents count from now on like those that the bot lived through`,
      );
  } finally {
    await ledger.close();
  }
}
