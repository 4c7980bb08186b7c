import { type Declare, onTarget } from "../declare.ts";
import { openWithDeployedConfig } from "../deployed-config.ts";
import { tableLines } from "../table.ts";
import { chooseTarget, type TargetOptions } from "../target.ts";
import type { Terminal } from "../terminal.ts";
import { readVetoes, type Veto } from "../vetoes/read-vetoes.ts";
import { printWrapped } from "../wrapped.ts";

export type VetoesOptions = TargetOptions & { readonly json: boolean };

/** Lists the alarms that notes forbid the bot to hold, and how to lift that. */
export async function vetoes(
  options: VetoesOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { ledger } = await openWithDeployedConfig(chooseTarget(options, env), env);
  try {
    const read = await readVetoes(ledger);
    if (options.json) terminal.out(JSON.stringify({ vetoes: read }));
    else printWrapped(terminal, linesOf(read, terminal));
  } finally {
    await ledger.close();
  }
}

function linesOf(read: readonly Veto[], terminal: Terminal): readonly string[] {
  if (read.length === 0) return ["No note forbids anything: none said 'mrdata: never hold this'."];
  return [
    ...tableLines(
      [
        { head: "said (UTC)", of: ({ at }) => new Date(at).toISOString().slice(0, 16).replace("T", " ") },
        { head: "by", of: ({ who }) => who ?? "nobody known" },
        { head: "on", of: ({ incident }) => incident },
        { head: "", of: ({ inForce }) => (inForce ? "not held" : "lifted") },
        { head: "service", of: ({ service }) => service ?? "?" },
        { head: "alarm", of: ({ title }) => title ?? "?", shrinks: true },
      ],
      read,
      terminal,
    ),
    "",
    "A note lifts it: 'mrdata: ok to hold' on an incident of that alarm, by somebody who is on call and can be rung. What the settings forbid is elsewhere: mrdata settings neverHold.titles",
  ];
}

export const declareVetoes: Declare = (program, { terminal, env }) => {
  onTarget(program.command("vetoes"))
    .description("which alarms people's notes forbid to hold, by whom, and how that is lifted")
    .addHelpText("after", "\nExample: mrdata vetoes --json")
    .action((options) => vetoes(options, terminal, env));
};
