import { windowsOf } from "../decisions/window-of.ts";
import { type Declare, onTarget } from "../declare.ts";
import { openWithDeployedConfig } from "../deployed-config.ts";
import { CommandError } from "../exit-codes.ts";
import { explanationOf } from "../explain/explanation.ts";
import { linesOf } from "../explain/lines.ts";
import { type KnownPast, readPast } from "../past/ask-champion.ts";
import { zoneForReaders } from "../report/report-options.ts";
import { settingsOrNull } from "../settings-unreadable.ts";
import { chooseTarget, type TargetOptions } from "../target.ts";
import type { Terminal } from "../terminal.ts";
import { printWrapped } from "../wrapped.ts";
import { zoneOf } from "../zone.ts";

export type ExplainOptions = TargetOptions & {
  readonly json: boolean;
  readonly all: boolean;
  readonly timeZone?: string | undefined;
};

/** Columns by which continuation lines are indented. */
const HANGING_INDENT = 14;

export async function explain(
  incidents: readonly string[],
  options: ExplainOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { ledger, backend, windowMs } = await openWithDeployedConfig(chooseTarget(options, env), env);
  try {
    const models = await backend.models();
    let past: Promise<KnownPast> | null = null;
    const ports = {
      ledger,
      models,
      windowOf: windowsOf(models, windowMs),
      past: () => {
        past ??= readPast(ledger, (sentence) => terminal.progress(sentence));
        return past;
      },
    };
    const timeZone = zoneOf(options.timeZone, options.json ? null : await settingsOrNull(ledger));
    let unknown = 0;
    for (const incident of incidents) {
      const explanation = await explanationOf(ports, incident);
      if (explanation.events.length === 0 && explanation.decision === null) unknown += 1;
      if (options.json) terminal.out(JSON.stringify(explanation));
      else printWrapped(terminal, linesOf(explanation, terminal, { ...options, timeZone }), HANGING_INDENT);
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
    .option("--all", "every guard rail, also those that had nothing against it", false)
    .addOption(zoneForReaders())
    .addHelpText(
      "after",
      "\nOf an incident that came before the bot, by an import say, it shows what the champion would say of it now.\n\nExample: mrdata explain Q1A2B3C4D5E6F7 --json",
    )
    .action((incidents, options) => explain(incidents, options, terminal, env));
};
