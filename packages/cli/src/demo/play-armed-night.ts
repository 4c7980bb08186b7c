import { ACCOUNT_TOKEN } from "@mrdata/simulator";
import type { Terminal } from "../terminal.ts";
import { type NightIncident, type NightOptions, playNight } from "./play-night.ts";
import { armedEverywhere, startSimulatedStack } from "./simulated-stack.ts";

/** Plays a night with the bot: the local stack in `home`, with the history it has, and every service armed. */
export async function playArmedNight(
  home: string,
  night: NightOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly played: readonly NightIncident[]; readonly held: ReadonlySet<string> }> {
  const { organisation, secret, windowMs } = night;
  let readHeld = async (): Promise<ReadonlySet<string>> => new Set();
  let close = async () => {};
  try {
    const played = await playNight({
      ...night,
      onProgress: (begun, total) =>
        terminal.progress(`the night: ${begun} of ${total} things have gone wrong`),
      async receiver(pagerduty, clock) {
        const started = await startSimulatedStack({
          home,
          env: { ...env, MRDATA_TARGET: undefined, MRDATA_WEBHOOK_SECRET: secret },
          organisation,
          pagerduty,
          clock,
          token: ACCOUNT_TOKEN,
          window: `${windowMs / 60_000}m`,
        });
        const { ledger, webhookUrl } = started.stack;
        close = started.close;
        readHeld = async () =>
          new Set(
            (await ledger.predictions({ limit: 10_000 })).flatMap(({ incident, holdUntil }) =>
              holdUntil === null ? [] : [incident],
            ),
          );
        await ledger.saveSettings(armedEverywhere(organisation));
        terminal.say(terminal.dim(`webhooks go to ${webhookUrl}`));
        return started.receive;
      },
    });
    return { played, held: await readHeld() };
  } finally {
    await close();
  }
}
