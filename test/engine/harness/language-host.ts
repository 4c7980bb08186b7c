import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import language from "@pulumi/pulumi/proto/language_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/language_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import { type GrpcServer, serve, unary } from "./grpc-server.ts";

const require = createRequire(join(import.meta.dirname, "../../../infra/package.json"));
const RUN = require.resolve("@pulumi/pulumi/cmd/run");
/** "The program said itself what is wrong": no more is printed (cmd/run/error.ts). */
const BAIL = 32;

export type LanguageHost = GrpcServer & {
  /** What programs wrote to stdout and stderr. */
  output(): string;
  /** When each program was started, by `performance.now()`. */
  readonly starts: readonly number[];
};

/**
 * The host of `runtime: nodejs`, which is no Go module and so cannot be built beside the CLI: it starts `cmd/run` of the
 * SDK as pulumi-language-nodejs does (pulumi/sdk/nodejs/cmd/pulumi-language-nodejs), with `typescript: false`.
 */
export async function startLanguageHost(): Promise<LanguageHost> {
  let engine = "";
  let output = "";
  const starts: number[] = [];
  const running = new Set<ChildProcess>();

  async function run(request: InstanceType<typeof messages.RunRequest>, gone: AbortSignal) {
    const info = request.getInfo();
    const folder = info?.getProgramDirectory() ?? request.getPwd();
    const args = [
      RUN,
      ["--monitor", request.getMonitorAddress()],
      ["--engine", engine],
      ["--organization", request.getOrganization()],
      ["--project", request.getProject()],
      ["--root-directory", info?.getRootDirectory() ?? request.getPwd()],
      ["--stack", request.getStack()],
      ["--pwd", folder],
      request.getDryrun() ? ["--dry-run"] : [],
      ["--parallel", String(request.getParallel())],
      info?.getEntryPoint() ?? ".",
    ].flat();
    starts.push(performance.now());
    const child = spawn(process.execPath, args, {
      cwd: folder,
      env: {
        ...process.env,
        NODE_OPTIONS: "",
        PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().entries())),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
        PULUMI_NODEJS_TYPESCRIPT: "false",
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    // A program whose engine is gone never ends by itself, and takes all the memory there is.
    running.add(child);
    gone.addEventListener("abort", () => child.kill("SIGKILL"));
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => {
        output += chunk;
      });
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    running.delete(child);
    const response = new messages.RunResponse();
    if (code === BAIL) response.setBail(true);
    else if (code !== 0) response.setError(`the program ended with ${code}:\n${output.slice(-4_000)}`);
    return response;
  }

  const server = await serve(language.LanguageRuntimeService, {
    handshake: unary((request: InstanceType<typeof messages.LanguageHandshakeRequest>) => {
      engine = request.getEngineAddress();
      return new messages.LanguageHandshakeResponse();
    }),
    getRequiredPackages: unary(() => new messages.GetRequiredPackagesResponse()),
    getRequiredPlugins: unary(() => new messages.GetRequiredPluginsResponse()),
    getPluginInfo: unary(() => new plugin.PluginInfo().setVersion("3.270.0")),
    run: unary(run),
  });
  return {
    ...server,
    close() {
      for (const child of running) child.kill("SIGKILL");
      server.close();
    },
    output: () => output,
    starts,
  };
}
