import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/run/longest-first.ts";

/** A busy machine may be fifty times as slow: a test ends so late only where it would never end. */
const HANGS_AFTER_MS = 600_000;

/** Sooner than the test itself ends, so that what was seen last is in the message. */
const POLLS_FOR_MS = 400_000;

/**
 * A process is begun, and everything imported, once for each worker and not once for each file, which took most of the
 * time of `unit`. What a file mocks or stubs it takes back.
 */
const TOGETHER = { isolate: false };

/** The Pulumi program in the test's process, run by Node as it is: Vite's transform would break what Pulumi serialises. */
const PROGRAM_HERE = {
  ...TOGETHER,
  setupFiles: ["test/plan/lean-sdk.mjs"],
  experimental: { viteModuleRunner: false },
};

const suite = (
  name: string,
  include: string[],
  more: {
    testTimeout?: number;
    hookTimeout?: number;
    globalSetup?: string[];
    setupFiles?: string[];
    isolate?: boolean;
    experimental?: { viteModuleRunner: boolean };
  } = {},
) => ({
  test: {
    name,
    include,
    testTimeout: HANGS_AFTER_MS,
    hookTimeout: HANGS_AFTER_MS,
    // Whoever polls waits for what happens in another process; a second, which is the default, is not enough of a busy machine.
    expect: { poll: { timeout: POLLS_FOR_MS } },
    ...more,
  },
});

export default defineConfig({
  test: {
    // Much of the time is spent waiting for emulators and child processes: more files at a time than cores.
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    projects: [
      suite(
        "unit",
        [
          "packages/*/src/**/*.test.ts",
          "infra/plan/**/*.test.ts",
          "infra/settings/**/*.test.ts",
          "test/run/**/*.test.ts",
        ],
        TOGETHER,
      ),
      suite("contract", ["test/contract/**/*.test.ts"], {
        ...TOGETHER,
        globalSetup: ["test/emulators/global-setup.ts"],
      }),
      suite("pipeline", ["test/pipeline/**/*.test.ts", "test/chaos/**/*.test.ts"], TOGETHER),
      suite("bundle", ["test/bundle/**/*.test.ts"], {
        ...TOGETHER,
        globalSetup: ["test/emulators/global-setup.ts"],
      }),
      suite("cli", ["test/cli/**/*.test.ts"], TOGETHER),
      suite("doctor", ["test/doctor/**/*.test.ts"], TOGETHER),
      // Each drives the Pulumi CLI; a run of the program takes seconds.
      suite("engine", ["test/engine/*.test.ts"]),
      suite("laptop", ["test/laptop/**/*.test.ts"], {
        globalSetup: ["test/emulators/global-setup.ts"],
      }),
      suite("secrets", ["test/secrets/**/*.test.ts"]),
      suite("vertex", ["test/vertex/**/*.test.ts"], TOGETHER),
      suite("plan", ["test/plan/**/*.test.ts"], PROGRAM_HERE),
      suite("rules", ["test/rules/**/*.test.ts"], PROGRAM_HERE),
      suite("needs", ["test/needs/**/*.test.ts"], TOGETHER),
      suite("rooms", ["test/rooms/**/*.test.ts"], TOGETHER),
      suite("firsthour", ["test/firsthour/**/*.test.ts"], { testTimeout: 1_800_000 }),
      suite("failures", ["test/failures/**/*.test.ts"], { testTimeout: 1_800_000 }),
      // A month of an organisation, and forty pairs of faults, take minutes of two cores each.
      suite("slow", ["test/slow/**/*.test.ts"], { testTimeout: 1_800_000, hookTimeout: 1_800_000 }),
    ],
  },
});
