import { test } from "vitest";
import { type FoundEngine, findEngine } from "../harness/find-engine.ts";

/** The Pulumi CLI of this run. */
export const engine: FoundEngine = findEngine();

/** A test that needs the Pulumi CLI: without one it is skipped, and says which command brings it. */
export function engineTest(title: string, work: () => Promise<void>): void {
  test(title, async (context) => {
    if (!engine.available) {
      context.skip(`${engine.reason}; to have it run: ${engine.command}`);
      return;
    }
    await work();
  });
}
