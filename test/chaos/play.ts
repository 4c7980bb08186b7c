import type { Prediction } from "@mrdata/incident";
import type { Ledger } from "@mrdata/platform";
import { type AccountDescription, createRandom } from "@mrdata/simulator";
import { actAsPeople } from "./act-as-people.ts";
import { audit } from "./audit.ts";
import type { Fault } from "./faults.ts";
import { openingsOf } from "./first-person.ts";
import { keyOf } from "./incident-key.ts";
import { type Judgement, judge, nameOfAll, type Run } from "./judge.ts";
import { type Life, organisationFor } from "./life.ts";
import { allAtOnce, asOneOf, type Stretch } from "./on-and-off.ts";
import type { PlayOptions } from "./play-options.ts";
import { stageOf } from "./staged.ts";
import { START, WINDOW } from "./timing.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** How long play continues after the faults: at least, and at most while webhooks or messages wait. Some are retried within the hour. */
const AFTERMATH = [HOUR, 4 * HOUR] as const;
/** Plays faults until `incidents` incidents have met all of them, ends the faults, and judges what became of the incidents. */
export async function play(options: PlayOptions): Promise<Judgement> {
  const { incidents, seed, beginning, onProgress = () => {} } = options;
  const faults = options.faults.map((fault) => asOneOf(fault, options.faults.length));
  const life = organisationFor(faults, incidents, seed);
  const { organisation, to } = life;
  const alone = takesBoth(faults) ? await playAlone({ ...options, faults }, life) : null;
  const staged = await stageOf({ ...options, faults }, life);
  const { simulation, stretchesOf, storms, callsAt, disarms, unreadable, armedAt } = staged;
  const { clock, pagerduty, ledger, bus } = simulation;
  try {
    actAsPeople({
      pagerduty,
      clock,
      random: createRandom(seed, `${nameOfAll(faults)} meddle`),
      bot: organisation.bot.id,
      people: ["PROBIN", "PALEX", "PSAM", "PKIM"],
      share: 0.12,
    });
    for (let at = START; at < to; at += HOUR) {
      await clock.run(Math.min(at + HOUR, to));
      onProgress((Math.min(at + HOUR, to) - START) / (to - START));
    }
    await clock.run(to + 20 * MINUTE);
    const undelivered = await staged.replay();
    const [least, most] = AFTERMATH;
    for (let at = to + least; at <= to + most; at += 10 * MINUTE) {
      await clock.run(at);
      if (pagerduty.webhooksWaiting() + bus.waiting() === 0) break;
    }
    const predictions = await predictionsOf(
      ledger,
      pagerduty.incidents().map(({ id }) => id),
    );
    const disarmed = faults.findIndex(({ name }) => name === "disarmed");
    const judged = judge({
      faults,
      simulation,
      predictions,
      bot: organisation.bot.id,
      people: peopleOf(organisation.account),
      windowMs: WINDOW,
      stretches: allAtOnce(stretchesOf),
      disarmedAt: stretchesOf[disarmed] ?? [],
      disarms: { said: disarms?.all ?? [], stretchesOf },
      unreadable,
      armedAt,
      storms,
      callsAt,
      spared: sparedIn(faults, stretchesOf),
      alone,
      undelivered,
      wanted: incidents,
    });
    const audited = await audit({ faults, simulation, predictions, windowMs: WINDOW, beginning });
    return { ...judged, violations: [...judged.violations, ...audited] };
  } finally {
    await simulation.close();
  }
}

const takesBoth = (faults: readonly Fault[]): boolean =>
  faults.some(({ takes }) => takes === "bot") && faults.some(({ takes }) => takes === "people");

/** When both were on of two faults that take the bot and the people, each with the end of the bot's. */
function sparedIn(faults: readonly Fault[], stretchesOf: readonly (readonly Stretch[])[]): Run["spared"] {
  const of = (takes: Fault["takes"]): readonly Stretch[] =>
    stretchesOf.filter((_, i) => faults[i]?.takes === takes).flat();
  const people = of("people");
  return of("bot").flatMap((bot) =>
    allAtOnce([[bot], people]).map((both) => ({ ...both, botBackAt: bot.to })),
  );
}

const peopleOf = ({ users }: AccountDescription): ReadonlySet<string> =>
  new Set(users.flatMap(({ id, bot }) => (bot === true ? [] : [id])));

/**
 * The same organisation under the same faults, where the bot's account never acts and people do nothing that
 * they were not asked to: how long after its opening the first person was notified of each incident, milliseconds, by `keyOf`.
 */
async function playAlone(options: PlayOptions, life: Life): Promise<ReadonlyMap<string, number>> {
  const { simulation } = await stageOf(options, life, { silent: true });
  const { clock, pagerduty } = simulation;
  try {
    await clock.run(life.to + AFTERMATH[0]);
    const openings = openingsOf(pagerduty, () => false, clock.now());
    return new Map(
      openings
        .filter(({ reopened, end }) => !reopened && end !== "closed")
        .map(({ incident, from, to }) => [keyOf(pagerduty.incident(incident)), to - from]),
    );
  } finally {
    await simulation.close();
  }
}

async function predictionsOf(
  ledger: Ledger,
  incidents: readonly string[],
): Promise<ReadonlyMap<string, Prediction>> {
  const predictions = new Map<string, Prediction>();
  for (const id of incidents) {
    const prediction = await ledger.prediction(id);
    if (prediction !== null) predictions.set(id, prediction);
  }
  return predictions;
}
