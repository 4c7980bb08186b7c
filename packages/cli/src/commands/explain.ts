import { readEnvironment } from "@mrdata/functions";
import { type Actor, type IncidentEvent, type Outcome, outcomeOf, type Prediction } from "@mrdata/incident";
import type { Ledger } from "@mrdata/platform";
import { type Declare, onTarget } from "../declare.ts";
import { CommandError } from "../exit-codes.ts";
import { chooseTarget, openTarget, type TargetOptions } from "../target.ts";
import type { Terminal } from "../terminal.ts";

export type ExplainOptions = TargetOptions & { readonly json: boolean };

type OrNull<T> = { readonly [field in keyof T]: T[field] | null };

/** All that is known of one incident: the fields of the prediction, the outcome, and the events in order. */
export type Explanation = OrNull<Omit<Prediction, "incident">> & {
  readonly incident: string;
  readonly outcome: Outcome | null;
  /** Who closed it; null while it is open. */
  readonly actor: Actor | null;
  readonly events: readonly {
    readonly id: string;
    readonly type: string;
    readonly actor: Actor;
    readonly occurredAt: string;
    readonly note: string | null;
  }[];
};

export async function explain(
  incidents: readonly string[],
  options: ExplainOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const backend = openTarget(chooseTarget(options, env), env);
  const window = readEnvironment({ ...env, MRDATA_TARGET: "local:." }).MRDATA_WINDOW;
  const ledger = await backend.ledger();
  try {
    let unknown = 0;
    for (const incident of incidents) {
      const explanation = await explanationOf(ledger, incident, window);
      if (explanation.events.length === 0 && explanation.decision === null) unknown += 1;
      if (options.json) terminal.out(JSON.stringify(explanation));
      else for (const line of linesOf(explanation, terminal)) terminal.out(line);
    }
    if (unknown > 0 && !options.json) {
      throw new CommandError(
        `nothing is known of ${unknown} of ${incidents.length}: ids look like Q1A2B3C4D5E6F7, and only what reached the webhook is recorded`,
      );
    }
  } finally {
    await ledger.close();
  }
}

export async function explanationOf(ledger: Ledger, incident: string, window: number): Promise<Explanation> {
  const [known, prediction] = await Promise.all([ledger.incident(incident), ledger.prediction(incident)]);
  const events = known?.events ?? [];
  const closing = events.findLast((event) => event.type === "resolved" || event.type === "reopened");
  return {
    ...(prediction ?? { incident, ...noPrediction }),
    outcome: outcomeOf(events, { window }, Date.now())?.outcome ?? null,
    actor: closing?.type === "resolved" ? closing.actor : null,
    events: events.map(summaryOf),
  };
}

const noPrediction: OrNull<Omit<Prediction, "incident">> = {
  prediction: null,
  confidence: null,
  probability: null,
  abstained: null,
  model: null,
  features: null,
  reasons: null,
  asOf: null,
  decision: null,
  decidedBy: null,
  verdicts: null,
  mode: null,
  service: null,
  alertType: null,
  openedAt: null,
  decidedAt: null,
  holdUntil: null,
  taken: null,
};

const summaryOf = ({ id, type, actor, occurredAt, note }: IncidentEvent) => ({
  id,
  type,
  actor,
  occurredAt: new Date(occurredAt).toISOString(),
  note,
});

function linesOf(explanation: Explanation, { bold, dim }: Terminal): readonly string[] {
  const { incident, decision, probability, abstained, outcome, model } = explanation;
  if (decision === null && explanation.events.length === 0) return [`${bold(incident)}  nothing known`];
  const percent = probability === null ? null : `${Math.round(probability * 100)} % likely to resolve itself`;
  return [
    `${bold(incident)}  ${decision === null ? "no prediction" : `${decision}, decided by ${explanation.decidedBy ?? "?"}`}`,
    `  prediction  ${percent ?? (abstained === null ? "none" : `none: ${abstained}`)}${model === null ? "" : dim(` (${model})`)}`,
    ...(explanation.reasons ?? []).map((reason) => `  because     ${reason}`),
    ...(explanation.verdicts ?? []).map(
      (verdict) => `  ${verdict.allowsHold ? "  " : "! "}${verdict.name.padEnd(12)}${verdict.sentence}`,
    ),
    ...(explanation.taken ? [`  done        ${explanation.taken.sentence}`] : []),
    `  outcome     ${outcome ?? "undecided"}`,
    ...explanation.events.map(
      (event) =>
        `  ${event.occurredAt}  ${event.type} by ${event.actor}${event.note === null ? "" : `: ${event.note}`}`,
    ),
  ];
}

export const declareExplain: Declare = (program, { terminal, env }) => {
  onTarget(program.command("explain <incident...>"))
    .description("what was predicted, decided and done, what it was made of, and how it ended")
    .addHelpText("after", "\nExample: mrdata explain Q1A2B3C4D5E6F7 --json")
    .action((incidents, options) => explain(incidents, options, terminal, env));
};
