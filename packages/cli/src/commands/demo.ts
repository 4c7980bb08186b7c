import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recordedNight } from "../demo/recorded-night.ts";
import { sendWebhook } from "../send-webhook.ts";
import type { Terminal } from "../terminal.ts";
import { withStack } from "../with-stack.ts";
import { explanationOf } from "./explain.ts";
import { serve } from "./serve.ts";

export type DemoOptions = {
  readonly serve: boolean;
  readonly home?: string | undefined;
  readonly port: number;
  readonly seed: number;
  readonly json: boolean;
};

/** `npm start`: recorded webhooks through the whole of it, and what was thought of each incident. */
export async function demo(options: DemoOptions, terminal: Terminal, env: NodeJS.ProcessEnv): Promise<void> {
  if (options.serve) {
    return serve(
      { home: options.home ?? ".mrdata", port: options.port, json: options.json, verbose: false },
      terminal,
      env,
    );
  }
  const home = options.home ?? mkdtempSync(join(tmpdir(), "mrdata-demo-"));
  try {
    await withStack(
      home,
      { ...env, MRDATA_TARGET: undefined },
      () => {},
      async (stack) => {
        const night = recordedNight(Date.now());
        terminal.say(
          terminal.bold(
            `Replaying ${night.length} recorded webhooks over signed HTTP against ${stack.webhookUrl}`,
          ),
        );
        for (const [i, payload] of night.entries()) {
          terminal.progress(`sending ${i + 1} of ${night.length}`);
          const { status, answer } = await sendWebhook(
            stack.webhookUrl,
            Buffer.from(JSON.stringify(payload.body)),
            stack.secret,
          );
          if (status !== 200) throw new Error(`a recorded webhook was refused with ${status}: ${answer}`);
          await stack.bus.idle();
        }
        const ids = [...new Set(night.map((payload) => payload.incident))];
        const explanations = await Promise.all(
          ids.map((id) => explanationOf(stack.ledger, id, stack.environment.MRDATA_WINDOW)),
        );
        for (const explanation of explanations) {
          if (options.json) terminal.out(JSON.stringify(explanation));
          else
            terminal.out(
              [
                explanation.incident,
                explanation.decision ?? "-",
                percent(explanation.probability),
                explanation.outcome ?? "undecided",
              ]
                .map((text) => text.padEnd(16))
                .join(""),
            );
        }
      },
    );
  } finally {
    if (options.home === undefined) rmSync(home, { recursive: true, force: true });
  }
}

const percent = (probability: number | null): string =>
  probability === null ? "no prediction" : `${Math.round(probability * 100)} %`;
