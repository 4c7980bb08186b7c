import type { Terminal } from "../terminal.ts";
import { type Beside, type Comparison, compareVersions } from "./compare-versions.ts";
import { type ModelsOptions, onModels } from "./on-models.ts";

/** Champion and challenger on what came since: what no replay can tell. */
export const compare = (
  options: ModelsOptions & { readonly since: number },
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> =>
  onModels(options, env, async ({ ledger, models }) => {
    const since = Date.now() - options.since;
    const compared = await compareVersions({ ledger, models }, { since, limit: MOST_COMPARED });
    for (const one of compared)
      if (options.json) terminal.out(JSON.stringify(one));
      else for (const line of comparedLines(one, terminal)) terminal.out(line);
    if (compared.length === 0 && !options.json)
      terminal.say("No challenger was asked in this time: 'mrdata models list' shows whether there is one.");
  });

const MOST_COMPARED = 5_000;

function comparedLines(
  { challenger, incidents, real, champion, challengerSaid }: Comparison,
  { bold }: Terminal,
): readonly string[] {
  const line = (name: string, { brier, held, delayed }: Beside) =>
    `  ${name.padEnd(12)} Brier ${brier === null ? "–" : brier.toFixed(3)}, would hold ${held}, real ones among them ${delayed}`;
  return [
    `${bold(challenger)}  asked beside the champion on ${incidents} incidents whose end is known, ${real} of which needed a human or nobody knows`,
    line("champion", champion),
    line("challenger", challengerSaid),
  ];
}
