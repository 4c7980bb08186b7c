import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Subscription } from "@mrdata/platform";
import { onTestFinished } from "vitest";
import type { EmulatorHosts } from "../emulators/emulators.ts";
import { type Config, type EngineStack, openEngineStack } from "../engine/support/engine-stack.ts";
import type { StackName } from "../plan/stacks.ts";
import { type FunctionProcess, startFunction } from "../support/function-process.ts";
import { jsonLines, mrdata } from "../support/mrdata.ts";
import { type DeclaredFunction, type DeclaredSystem, declaredSystem } from "./declared-system.ts";
import { type Wires, wiresOf } from "./wire.ts";

/** What `pulumi up` declared, and the means to run it on this machine. Processes are stopped with the test that asked. */
export type Laptop = {
  readonly on: EngineStack;
  readonly system: DeclaredSystem;
  functionOf(entryPoint: string): DeclaredFunction;
  wire(): Promise<Wires>;
  /** As the platform does, with exactly the declared archive, environment and secrets, but for one that is left out. */
  start(
    one: DeclaredFunction,
    wires: Wires,
    leftOut?: string,
    /** Where what it calls by address is on this machine. */
    env?: Readonly<Record<string, string>>,
    /** Where one was killed whose callers still know it; a free one if left out. */
    port?: number,
  ): Promise<FunctionProcess>;
  /**
   * All functions by their services, and the declared subscriptions pushing to them; `leftOut` is a subscription, or a
   * function and one of its variables.
   */
  startAll(wires: Wires, leftOut?: string): Promise<ReadonlyMap<string, FunctionProcess>>;
  /** What `mrdata … --json` says of it, line by line. */
  mrdata(wires: Wires, ...args: readonly string[]): Promise<readonly unknown[]>;
  close(): Promise<void>;
};

export type LaptopOptions = {
  readonly stack: StackName;
  readonly binary: string;
  readonly emulators: EmulatorHosts;
  /** The configuration, given the addresses of the stack's doubles. */
  readonly config: (addresses: Config) => Config;
  /** Variables that lead to what stands in for Google beside its emulators. */
  readonly env?: Readonly<Record<string, string>>;
};

/** Brings the stack up on doubles of its own and unpacks what it declares. */
export async function openLaptop(options: LaptopOptions): Promise<Laptop> {
  const folder = mkdtempSync(join(tmpdir(), "mrdata-laptop-"));
  const on = await openEngineStack(options.stack, options.binary);
  await on.configure(options.config(on.addresses));
  await on.stack.must(["up", "--yes", "--skip-preview"]);
  const { stdout } = await on.stack.must(["stack", "export", "--show-secrets"]);
  const system = declaredSystem(stdout, join(on.project.folder, "infra"));
  for (const one of system.functions) one.unpack(join(folder, one.entryPoint));

  const laptop: Laptop = {
    on,
    system,
    functionOf(entryPoint) {
      const found = system.functions.find((one) => one.entryPoint === entryPoint);
      if (found === undefined) throw new Error(`no function ${entryPoint} is declared`);
      return found;
    },
    async wire() {
      const home = join(mkdtempSync(join(folder, "wires-")), "home");
      const wires = await wiresOf(system, options.emulators, home);
      onTestFinished(() => wires.close());
      return wires;
    },
    async start({ service, entryPoint, environment, secrets }, wires, leftOut = "", here = {}, port = 0) {
      const env = without({ ...environment, ...secrets, ...options.env, ...wires.env, ...here }, leftOut);
      const running = await startFunction(
        join(folder, entryPoint),
        entryPoint,
        { K_SERVICE: service, ...env },
        { port },
      );
      onTestFinished(() => running.stop());
      return running;
    },
    async startAll(wires, leftOut = "") {
      const running = new Map<string, FunctionProcess>();
      // Last whoever calls another by its address.
      const calls = ({ entryPoint }: DeclaredFunction): number => Number(entryPoint === "probe");
      for (const one of system.functions.toSorted((a, b) => calls(a) - calls(b))) {
        const [entryPoint, variable] = leftOut.split(" ");
        const missing = one.entryPoint === entryPoint ? variable : undefined;
        const receive = running.get(laptop.functionOf("receive").service);
        running.set(one.service, await laptop.start(one, wires, missing, webhooksTo(one, receive)));
      }
      await wires.push(pushesTo(system, running, leftOut));
      return running;
    },
    async mrdata(wires, ...args) {
      const { MRDATA_SUFFIX = "", MRDATA_WINDOW = "" } = laptop.functionOf("record").environment;
      const env = { ...wires.env, MRDATA_SUFFIX, MRDATA_WINDOW, METADATA_SERVER_DETECTION: "none" };
      const { code, stdout, stderr } = await mrdata([...args, "--target", wires.target, "--json"], { env });
      if (code !== 0 || stderr !== "")
        throw new Error(`mrdata ${args.join(" ")} ended with ${code}: ${stderr}`);
      return jsonLines(stdout);
    },
    async close() {
      await on.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return laptop;
}

/**
 * Whether `sweep` has noted all that it is declared with: that is what the command line knows of the bot, where its dead
 * letters are, for one. Other functions note nothing.
 */
export async function isNoted({ entryPoint, environment }: DeclaredFunction, wires: Wires): Promise<boolean> {
  if (entryPoint !== "sweep") return true;
  const noted = (await wires.ledger.deployment())?.environment;
  return Object.entries(environment).every(
    ([name, value]) => name === "MRDATA_TARGET" || noted?.[name] === value,
  );
}

/** The probe sends to the public address of `receive`, which is here. */
export const webhooksTo = (
  { entryPoint }: DeclaredFunction,
  receive: FunctionProcess | undefined,
): Readonly<Record<string, string>> =>
  entryPoint === "probe" && receive !== undefined ? { MRDATA_WEBHOOK_URL: receive.url } : {};

const without = (env: Readonly<Record<string, string>>, name: string): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter(([key]) => key !== name));

function pushesTo(
  { pushes }: DeclaredSystem,
  running: ReadonlyMap<string, FunctionProcess>,
  leftOut: string,
): readonly Subscription[] {
  return pushes
    .filter(({ name }) => name !== leftOut)
    .map((push) => {
      const to = [...running].find(([service]) => push.pushEndpoint.startsWith(`https://${service}-`))?.[1];
      if (to === undefined) throw new Error(`${push.name} pushes to ${push.pushEndpoint}, where nobody is`);
      return { ...push, pushEndpoint: `${to.url}/` };
    });
}
