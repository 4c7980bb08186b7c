import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalStack, type LocalStackOptions, startLocalStack } from "@mrdata/functions";
import { signBody } from "@mrdata/pagerduty";
import { type Clock, type LogEntry, systemClock } from "@mrdata/platform";

export type TestStack = LocalStack & {
  readonly logged: readonly LogEntry[];
  /** Signs and sends; the status and the parsed answer. */
  send(
    body: Uint8Array | object,
    headers?: Readonly<Record<string, string>>,
  ): Promise<{ status: number; answer: unknown; text: string }>;
};

/** Runs a test against a whole local stack in a folder of its own. */
export async function withTestStack(
  work: (stack: TestStack) => Promise<void>,
  env: Readonly<Record<string, string>> = {},
  onLog: (entry: LogEntry) => void = () => {},
  clock: Clock = systemClock,
  more: Pick<LocalStackOptions, "maxDeliveryAttempts"> = {},
): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), "mrdata-test-"));
  const logged: LogEntry[] = [];
  const log = (entry: LogEntry) => {
    logged.push(entry);
    onLog(entry);
  };
  const stack = await startLocalStack({
    home,
    port: 0,
    clock,
    log,
    env,
    ...more,
  });
  try {
    await work({
      ...stack,
      logged,
      async send(body, headers = {}) {
        const bytes = body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body));
        const response = await fetch(stack.webhookUrl, {
          method: "POST",
          headers: {
            "content-type": "application/json",
            "x-pagerduty-signature": signBody(bytes, stack.secret),
            ...headers,
          },
          body: Buffer.from(bytes),
        });
        const text = await response.text();
        return { status: response.status, text, answer: text === "" ? null : JSON.parse(text) };
      },
    });
  } finally {
    await stack.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** A clock that runs so many times as fast as the real one: for waits of minutes. */
export function fastClock(times: number): Clock {
  const started = Date.now();
  return {
    now: () => started + (Date.now() - started) * times,
    sleep: (milliseconds, signal) => systemClock.sleep(milliseconds / times, signal),
  };
}
