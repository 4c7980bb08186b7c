import { expect } from "vitest";
import { openEngineStack } from "../engine/support/engine-stack.ts";
import { engine, engineTest } from "../engine/support/engine-test.ts";
import { faultsOfFirstUp } from "./first-up.ts";
import type { Play } from "./plays.ts";

/** A test of a first `up` on a project of its own, with these plays at once. */
export function playTest(playing: readonly Play[]): void {
  engineTest(playing.map(({ name }) => name).join(", and "), async () => {
    if (!engine.available) return;
    const on = await openEngineStack("everything", engine.binary);
    try {
      expect(await faultsOfFirstUp(on, playing)).toEqual([]);
    } finally {
      await on.remove();
    }
  });
}
