import type { TestProject } from "vitest/node";
import { type EmulatorHosts, type Emulators, emulators } from "./emulators.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Google's emulators for this run: `inject("emulators")`. */
    emulators: EmulatorHosts;
  }
}

type Shared = { readonly running: Promise<Emulators>; users: number };

// Each vitest project evaluates this file for itself, in one process: what they share hangs on the process.
const PLACE = Symbol.for("mrdata.emulators");

/** Starts the emulators once for all vitest projects of a run; their tests keep apart by the names of their projects. */
export async function setup(project: TestProject): Promise<void> {
  const there: Shared | undefined = Reflect.get(globalThis, PLACE);
  const shared = there ?? { running: emulators({ brief: true }), users: 0 };
  Reflect.set(globalThis, PLACE, shared);
  shared.users += 1;
  const running = await shared.running;
  const { available } = running;
  project.provide(
    "emulators",
    available
      ? { available, pubsubHost: running.pubsubHost, firestoreHost: running.firestoreHost }
      : { available, reason: running.reason, command: running.command },
  );
}

/** The last one stops them. */
export async function teardown(): Promise<void> {
  const shared: Shared | undefined = Reflect.get(globalThis, PLACE);
  if (shared === undefined) return;
  shared.users -= 1;
  if (shared.users > 0) return;
  Reflect.deleteProperty(globalThis, PLACE);
  const running = await shared.running;
  if (running.available) await running.stop();
}
