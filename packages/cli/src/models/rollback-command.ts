import type { Terminal } from "../terminal.ts";
import { type ModelsOptions, onModels, publishedVersion } from "./on-models.ts";
import { demoteChampion, rollBack } from "./roll-back.ts";
import { shortfallSentence } from "./shortfall-sentence.ts";

/** Makes the previous champion champion again; a second call reverts the first. */
export const rollback = (options: ModelsOptions, terminal: Terminal, env: NodeJS.ProcessEnv): Promise<void> =>
  onModels(options, env, async (opened) => {
    const { champion: previous, previous: champion } = await rollBack(opened, Date.now());
    if (options.json) return terminal.out(JSON.stringify({ champion: previous, previous: champion }));
    terminal.out(
      `${previous} is champion again, in place of ${champion}: running functions follow within half a minute.`,
    );
    const { card } = await publishedVersion(previous, opened.models);
    const shortfall = await shortfallSentence(previous, card, opened.ledger);
    if (shortfall !== null) terminal.say(shortfall);
    terminal.say("No version becomes champion by itself from now on, until 'mrdata models resume'.");
  });

/** Removes the champion: the alert type's historical rate takes over where it is certified. */
export const demote = (options: ModelsOptions, terminal: Terminal, env: NodeJS.ProcessEnv): Promise<void> =>
  onModels(options, env, async (opened) => {
    const champion = await demoteChampion(opened, Date.now());
    if (options.json) terminal.out(JSON.stringify({ champion: null, previous: champion }));
    else
      terminal.out(
        `${champion} is champion no more, and there is none: running functions follow within half a minute, and the alert type's own rate stands in.`,
      );
    if (!options.json)
      terminal.say(
        "The way back: mrdata models rollback. No version becomes champion by itself from now on, until 'mrdata models resume'.",
      );
  });

/** Resumes automatic promotion after a rollback. */
export const resume = (options: ModelsOptions, terminal: Terminal, env: NodeJS.ProcessEnv): Promise<void> =>
  onModels(options, env, async ({ ledger }) => {
    const { paused } = await ledger.training.state();
    await ledger.training.changeState((state) => ({ ...state, paused: null }));
    if (options.json) terminal.out(JSON.stringify({ resumed: paused !== null }));
    else if (paused === null)
      terminal.out("Nothing stood in the way: versions become champion by themselves.");
    else
      terminal.out(
        "A version that earns its place becomes champion by itself again, from the next training on.",
      );
  });
