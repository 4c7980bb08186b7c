import { type LocalStack, startLocalStack } from "@mrdata/functions";
import { type Log, systemClock } from "@mrdata/platform";

/** Runs `work` with a local stack on a free port, then drains and closes it. */
export async function withStack<T>(
  home: string,
  env: NodeJS.ProcessEnv,
  log: Log,
  work: (stack: LocalStack) => Promise<T>,
): Promise<T> {
  const stack = await startLocalStack({ home, port: 0, clock: systemClock, log, env });
  try {
    return await work(stack);
  } finally {
    await stack.close();
  }
}
