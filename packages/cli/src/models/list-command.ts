import { type Column, tableLines } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { printWrapped, wrapped } from "../wrapped.ts";
import { type ListedVersion, listVersions } from "./list-versions.ts";
import { type ModelsOptions, onModels } from "./on-models.ts";

export const list = (options: ModelsOptions, terminal: Terminal, env: NodeJS.ProcessEnv): Promise<void> =>
  onModels(options, env, async ({ ledger, models }) => {
    const versions = await listVersions(models, ledger);
    if (options.json) for (const version of versions) terminal.out(JSON.stringify(version));
    else printWrapped(terminal, versionLines(versions, terminal));
    if (versions.length === 0 && !options.json)
      terminal.say("No model version is published: mrdata train --promote makes the first.");
  });

/** The versions as a table, followed by the reasons for refusals. */
export function versionLines(
  versions: readonly ListedVersion[],
  terminal: Pick<Terminal, "bold" | "columns">,
): readonly string[] {
  if (versions.length === 0) return [];
  const refusals = versions.flatMap(({ version, refused }) =>
    refused === null ? [] : wrapped(`${version} is refused: ${refused}`, terminal.columns, 2),
  );
  return [...tableLines(columns, versions, terminal), ...refusals];
}

/** A cell that stays empty for a refused version, of which nothing else is known. */
const of =
  (textOf: (version: ListedVersion) => string | undefined) =>
  (version: ListedVersion): string =>
    version.refused === null ? (textOf(version) ?? "") : "";

const columns: readonly Column<ListedVersion>[] = [
  { head: "version", of: ({ version }) => version },
  { head: "alias", of: ({ aliases }) => aliases.join(", ") },
  { head: "trained", of: of(({ trainedAt }) => trainedAt?.slice(0, 10)) },
  { head: "window", right: true, of: of(({ window }) => `${window} s`) },
  {
    head: "holds from",
    right: true,
    of: ({ threshold, refused }) => {
      if (refused !== null) return "refused";
      return threshold === null ? "nothing" : `${(100 * threshold).toFixed(0)} %`;
    },
  },
  { head: "incidents", right: true, of: of(({ incidents }) => String(incidents)) },
  { head: "AUC", right: true, of: of(({ auc }) => auc?.toFixed(3)) },
  { head: "learner", of: of(({ learner }) => learner ?? ""), shrinks: true },
];
