import type { Terminal } from "../terminal.ts";
import { type ListedVersion, listVersions } from "./list-versions.ts";
import { type ModelsOptions, onModels } from "./on-models.ts";

export const list = (options: ModelsOptions, terminal: Terminal, env: NodeJS.ProcessEnv): Promise<void> =>
  onModels(options, env, async ({ ledger, models }) => {
    const versions = await listVersions(models, ledger);
    if (options.json) for (const version of versions) terminal.out(JSON.stringify(version));
    else for (const version of versions) terminal.out(lineOf(version, terminal));
    if (versions.length === 0 && !options.json)
      terminal.say("No model version is published: mrdata train --promote makes the first.");
  });

function lineOf(version: ListedVersion, { bold, dim }: Terminal): string {
  const aliases = version.aliases.join(", ");
  const name = `${bold(version.version.padEnd(5))} ${aliases.padEnd(10)}`;
  if (version.refused !== null) return `${name}  refused: ${version.refused}`;
  const { trainedAt, window, threshold, incidents, learner, auc } = version;
  const holds = threshold === null ? "holds nothing" : `holds from ${(100 * threshold).toFixed(0)} % on`;
  return `${name}  trained ${trainedAt?.slice(0, 10)}, window ${window} s, ${holds} ${dim(`(${learner}, ${incidents} incidents, AUC ${auc?.toFixed(3)})`)}`;
}
