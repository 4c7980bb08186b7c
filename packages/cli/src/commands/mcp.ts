import manifest from "../../package.json" with { type: "json" };
import { type Declare, onTarget } from "../declare.ts";
import { withReport } from "../report/open-report.ts";
import type { TargetOptions } from "../target.ts";
import type { Terminal } from "../terminal.ts";

/** The environment without the PagerDuty token: the server must not be able to page. */
const withoutToken = ({ MRDATA_PAGERDUTY_TOKEN: _, ...env }: NodeJS.ProcessEnv): NodeJS.ProcessEnv => env;

/** Serves the Model Context Protocol on standard input and output until the client disconnects. */
export async function mcp(
  options: TargetOptions & { readonly version: string },
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  // Loaded lazily: it takes longer than the rest of the command line.
  const [{ StdioServerTransport }, { createMcpServer }] = await Promise.all([
    import("@modelcontextprotocol/sdk/server/stdio.js"),
    import("../mcp/create-server.ts"),
  ]);
  await withReport(options, withoutToken(env), async (report) => {
    const server = createMcpServer(report, { version: options.version, now: Date.now });
    const { promise: disconnected, resolve } = Promise.withResolvers<void>();
    server.server.onclose = resolve;
    process.stdin.once("end", resolve);
    await server.connect(new StdioServerTransport());
    terminal.say(
      "Mr Data serves what it knows on standard output, by the Model Context Protocol; it can change nothing.",
    );
    await disconnected;
    await server.close();
  });
}

export const declareMcp: Declare = (program, { terminal, env }) => {
  onTarget(program.command("mcp"))
    .description("a read-only server of the Model Context Protocol on standard input and output")
    .addHelpText(
      "after",
      `
Tools: status, decisions, explain, monitors_to_fix, backtest_summary. None of them arms, disarms or writes, and PagerDuty is not
asked. Titles and notes come as data, cut to 300 characters. For a client that is told how to start a server:

  {"mcpServers": {"mrdata": {"command": "mrdata", "args": ["mcp", "--target", "gcp:PROJECT/mrdata"]}}}

Give the account that runs it no more than roles/datastore.viewer, and objectViewer on the bucket of models.`,
    )
    .action((options) => mcp({ ...options, version: manifest.version }, terminal, env));
};
