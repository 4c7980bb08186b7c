import { type IncidentEvent, pastOf, timelineOf, wasMerged } from "@mrdata/incident";
import { MIN_INCIDENTS, type ScoredBeside } from "@mrdata/learning";
import { train } from "../commands/train.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";

export type LearnOptions = {
  readonly history: readonly IncidentEvent[];
  /** The hold window, milliseconds. */
  readonly windowMs: number;
  readonly seed: number;
  /** The time of the training, milliseconds since the epoch. */
  readonly now: number;
};

/** Blocks of the backtest that selects the learner: a third of the default, for a third of the time. */
const REFITS = 4;

/**
 * Runs `mrdata train --promote` on the history in the ledger of `home`; prints a message instead if that is too short for a model.
 * Returns the predictions of its last month.
 */
export async function learn(
  home: string,
  { history, windowMs, seed, now }: LearnOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<readonly ScoredBeside[]> {
  const timelines = [...Map.groupBy(history, ({ incident }) => incident).values()];
  const rows = timelines
    .flatMap((events) => pastOf(timelineOf(events)) ?? [])
    .filter((incident) => !wasMerged(incident, windowMs)).length;
  if (rows < MIN_INCIDENTS) {
    terminal.say(
      `Of ${rows} incidents no model can be learnt (${MIN_INCIDENTS} are the fewest): the bot goes by the alert type's own rate.`,
    );
    return [];
  }
  let lastMonth: readonly ScoredBeside[] = [];
  const trained = train(
    [],
    {
      home,
      window: windowMs,
      seed,
      now,
      refits: REFITS,
      windows: false,
      promote: true,
      strict: false,
      json: false,
      onTrained: (version) => {
        lastMonth = version.lastMonth ?? [];
      },
    },
    { ...terminal, out: terminal.say },
    env,
  );
  await trained.catch((error: unknown) => {
    // A version that holds nothing is not promoted: the night runs without a champion, by the historical rate.
    if (!(error instanceof CommandError) || error.exitCode !== exitCodes.unhealthy) throw error;
    terminal.say(error.message);
  });
  return lastMonth;
}
