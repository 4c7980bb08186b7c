import { readEnvironment } from "@mrdata/functions";
import { type Declare, onTarget } from "../declare.ts";
import { CommandError } from "../exit-codes.ts";
import { explanationOf } from "../explain/explanation.ts";
import { linesOf } from "../explain/lines.ts";
import { chooseTarget, openTarget, type TargetOptions } from "../target.ts";
import type { Terminal } from "../terminal.ts";

export type ExplainOptions = TargetOptions & { readonly json: boolean };

export async function explain(
  incidents: readonly string[],
  options: ExplainOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const backend = openTarget(chooseTarget(options, env), env);
  const window = readEnvironment({ ...env, MRDATA_TARGET: "local:." }).MRDATA_WINDOW;
  const [ledger, models] = await Promise.all([backend.ledger(), backend.models()]);
  try {
    let unknown = 0;
    for (const incident of incidents) {
      const explanation = await explanationOf(ledger, models, incident, window);
      if (explanation.events.length === 0 && explanation.decision === null) unknown += 1;
      if (options.json) terminal.out(JSON.stringify(explanation));
      else for (const line of linesOf(explanation, terminal)) terminal.out(line);
    }
    if (unknown > 0 && !options.json) {
      throw new CommandError(
        `nothing is known of ${unknown} of ${incidents.length}: ids look like Q1A2B3C4D5E6F7, and only what reached the webhook or was imported is recorded`,
      );
    }
  } finally {
    await ledger.close();
  }
}

export const declareExplain: Declare = (program, { terminal, env }) => {
  onTarget(program.command("explain <incident...>"))
    .description("what was predicted, decided and done, what moved it, how it ended, and what it was like")
    .addHelpText("after", "\nExample: mrdata explain Q1A2B3C4D5E6F7 --json")
    .action((incidents, options) => explain(incidents, options, terminal, env));
};
