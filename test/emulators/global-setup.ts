import type { TestProject } from "vitest/node";
import { type EmulatorHosts, type Emulators, emulators } from "./emulators.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Google's emulators for this run: `inject("emulators")`. */
    emulators: EmulatorHosts;
  }
}

let running: Emulators | undefined;

/** Starts the emulators once for all test files of a vitest project. */
export async function setup(project: TestProject): Promise<void> {
  running = await emulators();
  const { available } = running;
  project.provide(
    "emulators",
    available
      ? { available, pubsubHost: running.pubsubHost, firestoreHost: running.firestoreHost }
      : { available, reason: running.reason, command: running.command },
  );
}

export async function teardown(): Promise<void> {
  if (running?.available) await running.stop();
}
