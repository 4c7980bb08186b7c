import type { Prediction } from "@mrdata/incident";
import { NOTE_MARKER } from "@mrdata/responder";
import type { Simulation } from "../simulation/simulated-bot.ts";
import type { Storm } from "./faults/storm.ts";
import type { Fault } from "./faults.ts";
import { judgeDisarm } from "./judge-disarm.ts";
import { judgePeople } from "./judge-people.ts";
import { ALLOWANCE, judgeSpells, seconds } from "./judge-spells.ts";
import type { SaidDisarm } from "./say-disarm.ts";
import { pagedBy, ratio, type StormLine, stormLine } from "./storm-line.ts";

const SECOND = 1_000;
const MIN_OF_EACH = 1_000;

/** What a run under one fault, or a pair of them, came to. Seconds of the clock. */
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
  /** The worst time from an opening to the first person who knew of it; what closed in time needed nobody. */
  readonly firstPersonWorstSeconds: number;
  /** Changes by the bot that left the incident with the bot alone. */
  readonly selfEscalations: number;
  /** All REST calls of the bot for each incident that it took to people; null where it took none. */
  readonly callsPerPage: number | null;
  readonly storm: StormLine | null;
};

export type Judgement = {
  readonly line: Line;
  readonly violations: readonly string[];
  /** Of these what the times in which an incident waited on the bot say, each by itself. */
  readonly bySpells: readonly string[];
  /** What made the decisions, and how many each. */
  readonly decidedBy: Readonly<Record<string, number>>;
};

type Stretches = readonly { readonly from: number; readonly to: number }[];

export type Run = {
  readonly faults: readonly Fault[];
  readonly simulation: Pick<Simulation, "pagerduty" | "clock">;
  readonly predictions: ReadonlyMap<string, Prediction>;
  readonly bot: string;
  /** Ids of users who are people. */
  readonly people: ReadonlySet<string>;
  /** Milliseconds. */
  readonly windowMs: number;
  /** When all faults were on, and when the whole bot was disarmed: milliseconds since the epoch. */
  readonly stretches: Stretches;
  readonly disarmedAt: Stretches;
  /** Who told the bot to stop, and when each of the faults was on. */
  readonly disarms: { readonly said: readonly SaidDisarm[]; readonly stretchesOf: readonly Stretches[] };
  /** When escalation policies could not be read at all. */
  readonly unreadable: Stretches;
  /** When people armed everything anew, which takes the answers of that moment. */
  readonly armedAt: readonly number[];
  readonly storms: readonly Storm[];
  /** When the bot made its REST calls. */
  readonly callsAt: readonly number[];
  /**
   * When both were on of two faults that take the bot and the people behind it; and until when the one of the bot was, for what
   * was taken from people meanwhile stays so.
   */
  readonly spared: readonly { readonly from: number; readonly to: number; readonly botBackAt: number }[];
  /**
   * How long it took without the bot until the first person was told or it closed, by `keyOf`, milliseconds: where the faults
   * take both the bot and the people behind it. Null where they do not.
   */
  readonly alone: ReadonlyMap<string, number> | null;
  /** Messages that became dead letters, before they were tried again. */
  readonly undelivered: number;
  readonly wanted: number;
};

/** Reads from PagerDuty's own log, and from the ledger, what became of every incident. */
export function judge(run: Run): Judgement {
  const { faults, simulation, predictions, bot, windowMs, stretches, wanted } = run;
  const { pagerduty } = simulation;
  const underFault = (at: number) => stretches.some(({ from, to }) => at >= from && at < to);
  const incidents = pagerduty.incidents();
  const held = new Set(
    predictions.values().flatMap(({ incident, holdUntil }) => (holdUntil === null ? [] : [incident])),
  );
  const { spells, worstDelay, worstPageNow, violations: bySpells } = judgeSpells(run, held);
  const { openings, worst, selfEscalations, violations: byPeople } = judgePeople(run);
  const { said, stretchesOf } = run.disarms;
  const played = faults.map((fault, i) => ({ fault, stretches: stretchesOf[i] ?? [] }));
  const violations = [...bySpells, ...byPeople, ...judgeDisarm(said, played), ...heldUnseen(run)];

  const own = pagerduty.events.filter(({ agent }) => agent === bot);
  const forbidden = own.filter(({ type }) => type === "acknowledged" || type === "resolved").length;
  const openedLow = new Set(
    pagerduty.events.flatMap(({ type, urgency, incident }) =>
      type === "triggered" && urgency === "low" ? [incident] : [],
    ),
  );
  const lowered = incidents.filter(({ id, urgency }) => urgency !== "high" && !openedLow.has(id)).length;
  const doubleNotes = incidents.filter(
    ({ notes }) => notes.filter((note) => note.startsWith(NOTE_MARKER)).length > 1,
  ).length;
  const undecided = new Set(own.map(({ incident }) => incident).filter((id) => !predictions.has(id)));

  const firstSpells = new Map(spells.filter(({ first }) => first).map((spell) => [spell.incident, spell]));
  const counted = incidents.filter(({ createdAt }) => underFault(createdAt));
  const paged = pagedBy(pagerduty.events, bot);
  const line: Line = {
    fault: nameOfAll(faults),
    incidents: counted.length,
    held: counted.filter(({ id }) => held.has(id)).length,
    pagedAtOnce: counted.filter(({ id }) => !held.has(id) && firstSpells.get(id)?.end === "bot").length,
    worstDelaySeconds: seconds(worstDelay),
    allowedDelaySeconds: seconds(windowMs + ALLOWANCE),
    worstPageNowSeconds: faults.every(({ pages }) => pages) ? seconds(worstPageNow) : null,
    ackedResolvedOrLowered: forbidden + lowered,
    doubleNotes,
    missingDecisions: undecided.size,
    firstPersonWorstSeconds: seconds(worst),
    selfEscalations,
    callsPerPage: ratio(run.callsAt.length, paged.size),
    storm: stormLine(run.storms, { openings, callsAt: run.callsAt, paged }),
  };
  if (faults.every(({ opens }) => opens !== undefined && opens <= 500) && run.undelivered > 0)
    violations.push(`a storm made ${run.undelivered} dead letters`);
  if (line.incidents < wanted) violations.push(`only ${line.incidents} incidents met the fault`);
  if (line.fault === "none" && wanted >= 10 * MIN_OF_EACH) {
    if (line.held < MIN_OF_EACH) violations.push(`only ${line.held} were held`);
    if (line.pagedAtOnce < MIN_OF_EACH) violations.push(`only ${line.pagedAtOnce} were paged at once`);
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
  return { line, violations, bySpells, decidedBy };
}

export const nameOfAll = (faults: readonly Pick<Fault, "name">[]): string =>
  faults.map(({ name }) => name).join("+");

/** So long after the last answer, and the clock that noted it and the one that goes by it may be four minutes apart. */
const UNKNOWN_FOR_LONG = (15 + 4) * 60 * SECOND;

/** Where policies could not be read for so long, nothing is held. */
export function heldUnseen({
  predictions,
  unreadable,
  armedAt,
}: Pick<Run, "predictions" | "unreadable" | "armedAt">): readonly string[] {
  const sinceArming = (at: number): number => at - Math.max(...armedAt.filter((one) => one <= at));
  return predictions
    .values()
    .filter(({ holdUntil }) => holdUntil !== null)
    .flatMap(({ incident, decidedAt }) => {
      if (sinceArming(decidedAt) <= UNKNOWN_FOR_LONG) return [];
      const blind = unreadable.find(({ from, to }) => decidedAt > from + UNKNOWN_FOR_LONG && decidedAt < to);
      return blind === undefined
        ? []
        : [`${incident} was held when no policy could be read for ${seconds(decidedAt - blind.from)} s`];
    })
    .take(5)
    .toArray();
}
