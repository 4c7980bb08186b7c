import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleFunctions } from "@mrdata/functions/bundle";
import { type EngineStack, openEngineStack } from "../engine/support/engine-stack.ts";
import { engine } from "../engine/support/engine-test.ts";
import { stacks } from "../plan/stacks.ts";
import { atMost, type Figure, median } from "./figure.ts";

const ROUNDS = 3;

/** Declares one resource with the two SDK packages that the program uses, and nothing else: what any program costs. */
const smallest = `import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

const project = new pulumi.Config("gcp").require("project");
export const topic = new gcp.pubsub.Topic("topic", { project, name: "topic" }).name;
`;

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** From the start of the last program until its last resource was registered, milliseconds. */
const start = ({ host, provider }: EngineStack): number =>
  provider.lastRegistered() - (host.starts.at(-1) ?? 0);

/** The example stack on the real engine: previews from scratch and unchanged, the program's start, the state's size. */
export async function benchInfra(): Promise<readonly Figure[]> {
  if (!engine.available) {
    process.stderr.write(`  left out: ${engine.reason}; to have it measured: ${engine.command}\n`);
    return [];
  }
  const on = await openEngineStack("example", engine.binary);
  const small = await openEngineStack("example", engine.binary);
  try {
    await on.configure(stacks.example);
    await small.configure(stacks.example);
    small.project.write("infra/start.mjs", smallest);
    const preview = ({ stack }: EngineStack) => stack.must(["preview"]);
    const scratch: number[] = [];
    const unchanged: number[] = [];
    const ours: number[] = [];
    const smalls: number[] = [];
    // In turns, so that what slows the machine slows all of them.
    for (let round = 0; round < ROUNDS; round++) {
      rmSync(join(on.project.folder, "infra/dist"), { recursive: true, force: true });
      scratch.push(await seconds(() => preview(on)));
      unchanged.push(await seconds(() => preview(on)));
      ours.push(start(on));
      await preview(small);
      smalls.push(start(small));
    }
    await on.stack.must(["up", "--yes", "--skip-preview"]);
    const { stdout } = await on.stack.must(["stack", "export"]);
    return [
      atMost("infra.preview.scratch", median(scratch), "s", 10),
      atMost("infra.preview.unchanged", median(unchanged), "s", 5),
      atMost("infra.start", median(ours) / median(smalls), "x one resource", 1.5),
      atMost("infra.state", Buffer.byteLength(stdout) / 1e6, "MB", 1),
    ];
  } finally {
    await on.remove();
    await small.remove();
  }
}

/** All functions bundled from their sources. */
export async function benchInfraBundle(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "mrdata-bench-bundle-"));
  try {
    const took: number[] = [];
    for (let round = 0; round < ROUNDS; round++) took.push(await seconds(() => bundleFunctions(folder)));
    return [atMost("infra.bundle", median(took), "s", 2)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
