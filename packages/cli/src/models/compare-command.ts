import { type Column, tableLines } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { printWrapped, wrapped } from "../wrapped.ts";
import { type Comparison, compareVersions, type VersionFigures } from "./compare-versions.ts";
import { type ModelsOptions, onModels } from "./on-models.ts";

/** Compares champion and challenger on incidents since their training, which no replay can do. */
export const compare = (
  options: ModelsOptions & { readonly since: number },
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> =>
  onModels(options, env, async ({ ledger, models }) => {
    const since = Date.now() - options.since;
    const compared = await compareVersions({ ledger, models }, { since, limit: MAX_COMPARED });
    for (const one of compared)
      if (options.json) terminal.out(JSON.stringify(one));
      else printWrapped(terminal, comparedLines(one, terminal));
    if (compared.length === 0 && !options.json)
      terminal.say("No challenger was asked in this time: 'mrdata models list' shows whether there is one.");
  });

const MAX_COMPARED = 5_000;

function comparedLines(
  { challenger, incidents, real, champion, challengerSaid, detailsNotRead }: Comparison,
  terminal: Pick<Terminal, "bold" | "columns">,
): readonly string[] {
  return [
    ...wrapped(
      `${terminal.bold(challenger)}  asked beside the champion on ${incidents} incidents whose end is known, ${real} of which needed a human or nobody knows`,
      terminal.columns,
    ),
    ...tableLines(
      columns,
      [
        { name: "champion", ...champion },
        { name: "challenger", ...challengerSaid },
      ],
      terminal,
    ),
    ...(detailsNotRead.length === 0
      ? []
      : wrapped(
          `It also looks at ${detailsNotRead.join(", ")}, which the champion does not: these were not read for it, so it is better than it looks here, or worse.`,
          terminal.columns,
        )),
  ];
}

const columns: readonly Column<VersionFigures & { readonly name: string }>[] = [
  { head: "", of: ({ name }) => name },
  { head: "Brier", right: true, of: ({ brier }) => brier?.toFixed(3) ?? "–" },
  { head: "would hold", right: true, of: ({ held }) => String(held) },
  { head: "real among them", right: true, of: ({ delayed }) => String(delayed) },
];
