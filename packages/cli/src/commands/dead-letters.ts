import { messageOf } from "@mrdata/base";
import { type DeadLetterBus, LEARN_TOPIC, openDeadLetters, TOPIC } from "@mrdata/functions";
import { type DeadLetter, systemClock } from "@mrdata/platform";
import { confirmName } from "../confirm.ts";
import { type Declare, onTarget } from "../declare.ts";
import { openWithDeployedConfig } from "../deployed-config.ts";
import { CommandError } from "../exit-codes.ts";
import { chooseTarget, type TargetOptions } from "../target.ts";
import type { Terminal } from "../terminal.ts";

export type DeadLettersOptions = TargetOptions & { readonly json: boolean };

const MAX_LETTERS = 1_000;

async function withDeadLetters<T>(
  options: DeadLettersOptions,
  env: NodeJS.ProcessEnv,
  work: (bus: DeadLetterBus, letters: readonly DeadLetter[]) => Promise<T>,
): Promise<T> {
  const target = chooseTarget(options, env);
  const { ledger, env: deployed } = await openWithDeployedConfig(target, env);
  try {
    const bus = await openDeadLetters(target, {
      clock: systemClock,
      ledger,
      suffix: deployed.MRDATA_SUFFIX ?? "",
    });
    try {
      return await work(bus, await bus.deadLetters({ limit: MAX_LETTERS }));
    } finally {
      await bus.close();
    }
  } finally {
    await ledger.close();
  }
}

export const list = (
  options: DeadLettersOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> =>
  withDeadLetters(options, env, async (_, letters) => {
    for (const { messageId, source, reason, attributes, publishedAt } of letters) {
      const incident = attributes.incident || null;
      const at = new Date(publishedAt).toISOString();
      terminal.out(
        options.json
          ? JSON.stringify({ messageId, at, source, incident, reason })
          : `${at}  ${source}  ${incident ?? "no incident"}  ${reason}  ${terminal.dim(messageId)}`,
      );
    }
    if (letters.length === 0 && !options.json) terminal.say("No dead letters wait.");
  });

/** Attributes that describe the failure rather than the event. */
const FAILURE_ATTRIBUTE = /^(reason|source|originalMessageId|CloudPubSubDeadLetter.*)$/;

/** Republishes every dead letter and deletes it once published; one that fails again comes back with its reason. */
export const replay = (
  options: DeadLettersOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> =>
  withDeadLetters(options, env, async (bus, letters) => {
    let replayed = 0;
    let failed = 0;
    // Oldest first. One that cannot be published stays in place and does not stop the rest.
    for (const { messageId, data, attributes } of letters.toReversed()) {
      const own = Object.fromEntries(
        Object.entries(attributes).filter(([name]) => !FAILURE_ATTRIBUTE.test(name)),
      );
      try {
        await bus.publish(own.topic === LEARN_TOPIC ? LEARN_TOPIC : TOPIC, {
          data,
          attributes: own,
          orderingKey: own.incident ?? "",
        });
        await bus.dropDeadLetters([messageId]);
        replayed += 1;
      } catch (error) {
        failed += 1;
        terminal.say(`${messageId} stays: ${messageOf(error)}`);
      }
      terminal.progress(`replayed ${replayed} of ${letters.length}`);
    }
    terminal.out(
      options.json
        ? JSON.stringify({ replayed, ...(failed > 0 && { failed }) })
        : `${replayed} dead letters are on their way again.`,
    );
    if (replayed > 0 && !options.json)
      terminal.say("What fails again comes back: look with 'mrdata dead-letters list' in a minute.");
    if (failed > 0)
      throw new CommandError(`${failed} of ${letters.length} dead letters could not be sent again`);
  });

/** Deletes all dead letters; their events are lost. */
export const drop = (
  options: DeadLettersOptions & { readonly confirm?: string | undefined },
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> =>
  withDeadLetters(options, env, async (bus, letters) => {
    if (letters.length > 0)
      await confirmName(
        `Dropping ${letters.length} dead letters loses the events in them`,
        "drop",
        options.confirm,
      );
    const dropped = await bus.dropDeadLetters(letters.map(({ messageId }) => messageId));
    terminal.out(options.json ? JSON.stringify({ dropped }) : `${dropped} dead letters are gone.`);
  });

export const declareDeadLetters: Declare = (program, { terminal, env }) => {
  const letters = program
    .command("dead-letters")
    .description("messages that could not be processed: look at them, replay them, drop them")
    .addHelpText("after", "\nExample: mrdata dead-letters list");
  onTarget(letters.command("list"))
    .description("those that wait, newest first, each with its reason")
    .action((options) => list(options, terminal, env));
  onTarget(letters.command("replay"))
    .description("send all of them the whole way again")
    .action((options) => replay(options, terminal, env));
  onTarget(letters.command("drop"))
    .description("take all of them away for good")
    .option("--confirm <word>", "the word: drop")
    .action((options) => drop(options, terminal, env));
};
