import { results } from "@mrdata/responder";
import { openAsNoted } from "../as-noted.ts";
import { csvLine } from "../csv.ts";
import { type DecisionRow, type LedgerOfDecisions, readDecisions } from "../decisions/ledger-of-decisions.ts";
import { windowsOf } from "../decisions/window-of.ts";
import { asksPagerDuty, type Declare, onTarget } from "../declare.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { durationWith } from "../option-types.ts";
import { assertKnownService } from "../services/known-service.ts";
import { tableLines } from "../table.ts";
import { chooseTarget, type TargetOptions } from "../target.ts";
import type { Terminal } from "../terminal.ts";

export type DecisionsOptions = TargetOptions & {
  readonly since: number;
  readonly service?: string | undefined;
  readonly json: boolean;
  readonly csv: boolean;
};

/** Lists what was decided, and how each ended: hit, miss, correct page, unneeded page, control. */
export async function decisions(
  options: DecisionsOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { service, json, csv } = options;
  if (json && csv) throw new CommandError("only one of --json and --csv can be given", exitCodes.usage);
  const { ledger, backend, window } = await openAsNoted(chooseTarget(options, env), env);
  try {
    const now = Date.now();
    const since = now - options.since;
    const read = await readDecisions(ledger, {
      since,
      service,
      now,
      windowOf: windowsOf(await backend.models(), window),
      progress: (done, of) => terminal.progress(`reading the ledger: ${done} of ${of} decisions`),
    });
    if (service !== undefined && read.rows.length === 0)
      await assertKnownService(service, { ledger, pagerduty: null }, window);
    if (json) terminal.out(JSON.stringify({ since: new Date(since).toISOString(), ...read }));
    else if (csv) for (const line of csvOf(read.rows)) terminal.out(line);
    else for (const line of linesOf(read, terminal)) terminal.out(line);
  } finally {
    await ledger.close();
  }
}

const time = (at: number | null): string => (at === null ? "" : new Date(at).toISOString());

/** The columns of the table for machines. */
const columns: readonly { readonly title: string; readonly of: (row: DecisionRow) => string | number }[] = [
  { title: "incident", of: ({ incident }) => incident },
  { title: "service", of: ({ service }) => service },
  { title: "title", of: ({ title }) => title ?? "" },
  { title: "opened_at", of: ({ openedAt }) => time(openedAt) },
  { title: "closed_at", of: ({ closedAt }) => time(closedAt) },
  { title: "mode", of: ({ mode }) => mode },
  { title: "decision", of: ({ decision }) => decision },
  { title: "decided_by", of: ({ decidedBy }) => decidedBy },
  { title: "probability", of: ({ probability }) => probability ?? "" },
  { title: "model", of: ({ model }) => model },
  { title: "outcome", of: ({ outcome }) => outcome ?? "" },
  { title: "result", of: ({ result }) => result },
  { title: "held_seconds", of: ({ heldSeconds }) => heldSeconds },
  { title: "action", of: ({ action }) => action },
  { title: "control_share", of: ({ control }) => control?.share ?? "" },
  {
    title: "feedback",
    of: ({ feedback }) => feedback.map(({ who, said }) => `${who ?? "?"}: ${said}`).join("; "),
  },
];

export const csvOf = (rows: readonly DecisionRow[]): readonly string[] => [
  csvLine(columns.map(({ title }) => title)),
  ...rows.map((row) => csvLine(columns.map(({ of }) => of(row)))),
];

function linesOf(
  { rows, counts, monitorsToFix, unarmed }: LedgerOfDecisions,
  terminal: Pick<Terminal, "bold" | "columns">,
): readonly string[] {
  if (rows.length === 0) return ["Nothing was decided in that time."];
  return [
    ...tableLines(
      [
        { head: "opened (UTC)", of: ({ openedAt }) => time(openedAt).slice(0, 16).replace("T", " ") },
        { head: "came to", of: ({ result }) => result },
        {
          head: "decision",
          of: ({ decision, decidedBy, mode }) =>
            `${decision} (${decidedBy}${mode === "armed" ? "" : `, ${mode}`})`,
        },
        {
          head: "sure",
          of: ({ probability }) => (probability === null ? "–" : `${Math.round(100 * probability)} %`),
          right: true,
        },
        { head: "service", of: ({ service }) => service },
        { head: "incident", of: ({ incident }) => incident },
        { head: "title", of: ({ title }) => title ?? "", shrinks: true },
      ],
      rows,
      terminal,
    ),
    "",
    results.map((result) => `${result} ${counts[result]}`).join(", "),
    ...(unarmed.holds === 0
      ? []
      : [
          `${unarmed.holds} of these holds are of services that are not armed. Armed, where holds add up, ${unarmed.asArmed} would have been held.`,
        ]),
    ...(monitorsToFix.length === 0
      ? []
      : [
          "",
          "Monitors to fix:",
          ...monitorsToFix.map(
            ({ title, service, alertType, why }) => `  ${title ?? alertType} (${service}): ${why.join(" ")}`,
          ),
        ]),
  ];
}

export const declareDecisions: Declare = (program, { terminal, env }) => {
  asksPagerDuty(onTarget(program.command("decisions")))
    .description("what was decided and how it ended: hits, misses, pages, control, and monitors to fix")
    .addOption(durationWith("--since <duration>", "how far back", "7d"))
    .option("--service <id>", "of one service")
    .option("--csv", "a table, a line each", false)
    .addHelpText(
      "after",
      `
hit: held, and it resolved itself. miss: held, and it needed a human. correct page, unneeded page: paged, and it did or
did not need a human. control: would have been held, and was paged to learn from it. Where the service was not armed,
the decision only says what the bot would have done with that incident by itself: armed, holds add up, and beyond a
window for an alert, two for a service or the caps an hour, the next one is paged.

Examples:
  mrdata decisions --since 30d --service PDATABASE
  mrdata decisions --since 24h --csv > decisions.csv`,
    )
    .action((options) => decisions(options, terminal, env));
};
