import type { Run } from "./judge.ts";
import { type Spell, spellsOf, takenFromPeople } from "./spells.ts";

const SECOND = 1_000;
/** The window, and a minute for PagerDuty's timers and the bot's own round trips. */
export const ALLOWANCE = 60 * SECOND;

export type SpellJudgement = {
  readonly violations: readonly string[];
  readonly spells: readonly Spell[];
  readonly worstDelay: number;
  readonly worstPageNow: number;
};

/**
 * Judges every time in which an incident waited on the bot by itself. It does not see whom the incident went to: an
 * escalation to the bot itself ends one such time and begins the next. That is what openings are judged for.
 */
export function judgeSpells(
  {
    faults,
    simulation: { pagerduty, clock },
    bot,
    windowMs,
    disarmedAt,
    spared,
  }: Pick<Run, "faults" | "simulation" | "bot" | "windowMs" | "disarmedAt" | "spared">,
  held: ReadonlySet<string>,
): SpellJudgement {
  const violations: string[] = [];
  const spells = spellsOf(pagerduty, bot, clock.now());
  const allowed = windowMs + ALLOWANCE;

  // What closed by itself in time needed nobody; whatever else counts until somebody had it.
  const needed = spells.filter(({ end, from, to }) => end !== "closed" || to - from > allowed);
  const worstDelay = longest(needed);
  // What is of low urgency nobody but the bot takes further: where it is gone, from when it is back.
  const isLate = ({ isLow, from, to }: Spell): boolean => {
    const met = isLow ? spared.filter((both) => both.from < to && both.to > from) : [];
    return to - Math.max(from, ...met.map(({ botBackAt }) => botBackAt)) > allowed;
  };
  for (const spell of needed.filter(isLate).slice(0, 5))
    violations.push(`${spell.incident} waited ${seconds(spell.to - spell.from)} s: ${spell.end}`);

  const pageNow = waits(spells, { held, disarmedAt });
  const worstPageNow = Math.max(0, ...pageNow.map(({ milliseconds }) => milliseconds));
  // Alone, what begins late has another way beside it; of a pair that may be the one that is gone.
  const late = faults.length > 1 ? Math.max(...faults.map((fault) => fault.startsLate ?? 0)) : 0;
  if (faults.every(({ pages }) => pages))
    for (const { spell, milliseconds, why } of pageNow
      .filter((one) => one.milliseconds > ALLOWANCE + late)
      .slice(0, 5))
      violations.push(
        `${spell.incident} was not held (${why}) and waited ${seconds(milliseconds)} s: ${spell.end}`,
      );
  const lag = Math.max(...faults.map((fault) => fault.lag ?? 0));
  for (const event of takenFromPeople(pagerduty, spells, bot, lag).slice(0, 5))
    violations.push(`${event.incident} was ${event.type} by the bot while a person had it`);
  return { violations, spells, worstDelay, worstPageNow };
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
/** To a tenth. */
export const seconds = (milliseconds: number): number => Math.round(milliseconds / 100) / 10;
