import type { Prediction } from "@mrdata/incident";
import { NOTE_MARKER } from "@mrdata/responder";
import type { Simulation } from "../simulation/simulated-bot.ts";
import type { Fault } from "./faults.ts";
import { type Spell, spellsOf, takenFromPeople } from "./spells.ts";

const SECOND = 1_000;
/** The window, and a minute for PagerDuty's timers and the bot's own round trips. */
const ALLOWANCE = 60 * SECOND;
const LEAST_OF_EACH = 1_000;

/** What a run under one fault came to. */
export type Line = {
  readonly fault: string;
  readonly incidents: number;
  readonly held: number;
  readonly pagedAtOnce: number;
  readonly worstDelaySeconds: number;
  readonly allowedDelaySeconds: number;
  readonly worstPageNowSeconds: number | null;
  readonly ackedResolvedOrLowered: number;
  readonly doubleNotes: number;
  readonly missingDecisions: number;
};

export type Judgement = {
  readonly line: Line;
  readonly violations: readonly string[];
  /** What made the decisions, and how many each. */
  readonly decidedBy: Readonly<Record<string, number>>;
};

export type Run = {
  readonly fault: Fault;
  readonly simulation: Simulation;
  readonly predictions: ReadonlyMap<string, Prediction>;
  readonly bot: string;
  /** Milliseconds. */
  readonly window: number;
  /** When the fault was on, and when the whole bot was disarmed: milliseconds since the epoch. */
  readonly stretches: readonly { readonly from: number; readonly to: number }[];
  readonly wanted: number;
};

/** Reads from PagerDuty's own log, and from the ledger, what became of every incident. */
export function judge(run: Run): Judgement {
  const { fault, simulation, predictions, bot, window, stretches, wanted } = run;
  const { pagerduty, clock } = simulation;
  const spells = spellsOf(pagerduty, bot, clock.now());
  const underFault = (at: number) => stretches.some(({ from, to }) => at >= from && at < to);
  const incidents = pagerduty.incidents();
  const held = new Set(
    predictions.values().flatMap(({ incident, holdUntil }) => (holdUntil === null ? [] : [incident])),
  );
  const violations: string[] = [];
  const allowed = window + ALLOWANCE;

  // What closed by itself in time needed nobody; whatever else counts until somebody had it.
  const needed = spells.filter(({ end, from, to }) => end !== "closed" || to - from > allowed);
  const worstDelay = longest(needed);
  for (const spell of needed.filter(({ from, to }) => to - from > allowed).slice(0, 5))
    violations.push(`${spell.incident} waited ${seconds(spell.to - spell.from)} s: ${spell.end}`);

  const pageNow = waits(spells, { held, disarmedAt: fault.name === "disarmed" ? stretches : [] });
  const worstPageNow = Math.max(0, ...pageNow.map(({ milliseconds }) => milliseconds));
  if (fault.pages)
    for (const { spell, milliseconds, why } of pageNow
      .filter((one) => one.milliseconds > ALLOWANCE)
      .slice(0, 5))
      violations.push(
        `${spell.incident} was not held (${why}) and waited ${seconds(milliseconds)} s: ${spell.end}`,
      );

  const own = pagerduty.events.filter(({ agent }) => agent === bot);
  const forbidden = own.filter(({ type }) => type === "acknowledged" || type === "resolved").length;
  const lowered = incidents.filter(({ urgency }) => urgency !== "high").length;
  const doubleNotes = incidents.filter(
    ({ notes }) => notes.filter((note) => note.startsWith(NOTE_MARKER)).length > 1,
  ).length;
  const undecided = new Set(own.map(({ incident }) => incident).filter((id) => !predictions.has(id)));
  for (const event of takenFromPeople(pagerduty, spells, bot).slice(0, 5))
    violations.push(`${event.incident} was ${event.type} by the bot while a person had it`);

  const firstSpells = new Map(spells.filter(({ first }) => first).map((spell) => [spell.incident, spell]));
  const counted = incidents.filter(({ createdAt }) => underFault(createdAt));
  const line: Line = {
    fault: fault.name,
    incidents: counted.length,
    held: counted.filter(({ id }) => held.has(id)).length,
    pagedAtOnce: counted.filter(({ id }) => !held.has(id) && firstSpells.get(id)?.end === "bot").length,
    worstDelaySeconds: seconds(worstDelay),
    allowedDelaySeconds: seconds(allowed),
    worstPageNowSeconds: fault.pages ? seconds(worstPageNow) : null,
    ackedResolvedOrLowered: forbidden + lowered,
    doubleNotes,
    missingDecisions: undecided.size,
  };
  if (line.incidents < wanted) violations.push(`only ${line.incidents} incidents met the fault`);
  if (fault.name === "none" && wanted >= 10 * LEAST_OF_EACH) {
    if (line.held < LEAST_OF_EACH) violations.push(`only ${line.held} were held`);
    if (line.pagedAtOnce < LEAST_OF_EACH) violations.push(`only ${line.pagedAtOnce} were paged at once`);
  }
  if (forbidden + lowered > 0) violations.push(`${forbidden + lowered} acknowledged, resolved or lowered`);
  if (doubleNotes > 0) violations.push(`${doubleNotes} incidents have two notes`);
  if (undecided.size > 0)
    violations.push(`${undecided.size} actions without a decision, such as on ${[...undecided][0]}`);
  const trusted = predictions
    .values()
    .filter(({ model, holdUntil }) => model.startsWith("corrupt") && holdUntil !== null);
  for (const { incident, model } of trusted.take(5)) violations.push(`${incident} was held by ${model}`);
  const decidedBy: Record<string, number> = {};
  for (const { decidedBy: by, decision } of predictions.values()) {
    const what = decision === "hold" ? "hold" : by;
    decidedBy[what] = (decidedBy[what] ?? 0) + 1;
  }
  return { line, violations, decidedBy };
}

type Wait = { readonly spell: Spell; readonly milliseconds: number; readonly why: string };

/** How long each incident waited that nothing held back: from its opening, or from what ended its hold. */
function waits(
  spells: readonly Spell[],
  { held, disarmedAt }: { readonly held: ReadonlySet<string>; readonly disarmedAt: Run["stretches"] },
): readonly Wait[] {
  return spells.flatMap((spell): Wait[] => {
    const { from, to, incident, raisedAt } = spell;
    if (!(spell.first && held.has(incident)))
      return [{ spell, milliseconds: to - from, why: spell.first ? "no hold" : "it came back" }];
    const disarmed = disarmedAt.find((stretch) => stretch.from > from && stretch.from < to);
    return [
      ...(raisedAt === null ? [] : [{ spell, milliseconds: to - raisedAt, why: "it was raised" }]),
      ...(disarmed === undefined
        ? []
        : [{ spell, milliseconds: to - disarmed.from, why: "the bot was disarmed" }]),
    ];
  });
}

const longest = (spells: readonly Spell[]): number =>
  spells.reduce((most, { from, to }) => Math.max(most, to - from), 0);
const seconds = (milliseconds: number): number => Math.round(milliseconds / 100) / 10;
