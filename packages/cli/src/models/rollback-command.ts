import { CommandError } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";
import { aliasesOf } from "./list-versions.ts";
import { assertFits, type ModelsOptions, onModels, publishedVersion } from "./on-models.ts";

/** Makes the previous champion champion again. Twice is where one was. */
export const rollback = (options: ModelsOptions, terminal: Terminal, env: NodeJS.ProcessEnv): Promise<void> =>
  onModels(options, env, async ({ ledger, models, window }) => {
    const aliases = await aliasesOf(ledger);
    const previous = aliases.get("previous") ?? null;
    const champion = aliases.get("champion") ?? null;
    if (previous === null)
      throw new CommandError("there is no previous champion to go back to: see 'mrdata models list'");
    assertFits(previous, (await publishedVersion(previous, models)).card, window);
    await ledger.promote(previous);
    // Whoever went back had a reason that no figure knows of.
    const why = `${champion} was rolled back to ${previous}`;
    await ledger.training.changeState((state) => ({ ...state, paused: { at: Date.now(), why } }));
    if (options.json) terminal.out(JSON.stringify({ champion: previous, previous: champion }));
    else
      terminal.out(
        `${previous} is champion again, in place of ${champion}: running functions follow within half a minute.`,
      );
    if (!options.json)
      terminal.say("No version becomes champion by itself from now on, until 'mrdata models resume'.");
  });

/** Goes back to no champion: the alert type's own rate stands in, where it is certified. */
export const demote = (options: ModelsOptions, terminal: Terminal, env: NodeJS.ProcessEnv): Promise<void> =>
  onModels(options, env, async ({ ledger }) => {
    const champion = await ledger.alias("champion");
    if (champion === null)
      throw new CommandError("there is no champion: the alert type's own rate stands in already");
    await ledger.demote();
    const why = `${champion} was demoted`;
    await ledger.training.changeState((state) => ({ ...state, paused: { at: Date.now(), why } }));
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

/** Lets versions become champion by themselves again, after a rollback. */
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
