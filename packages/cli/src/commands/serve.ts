import { type LocalStack, startLocalStack } from "@mrdata/functions";
import { signBody } from "@mrdata/pagerduty";
import { jsonLog, type Log, systemClock } from "@mrdata/platform";
import { asksPagerDuty, type Declare, onTarget } from "../declare.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { portOption, seedOption } from "../option-types.ts";
import { rehearse } from "../rehearsal/rehearse.ts";
import { findRunning, noteRunning } from "../running.ts";
import { shellQuoted } from "../shell-quoted.ts";
import { untilStopped } from "../signals.ts";
import { localDirectory, type TargetOptions } from "../target.ts";
import type { Terminal } from "../terminal.ts";

export type ServeOptions = TargetOptions & {
  readonly port: number;
  /** Port of the report; 0 or left out: any free port. */
  readonly reportPort?: number;
  readonly json: boolean;
  readonly verbose: boolean;
  /** Run against a simulated PagerDuty account, in a home of its own. */
  readonly simulated?: boolean;
  /** With `simulated`: the seed of the organisation. */
  readonly seed?: number;
};

/** Runs the local stack until it is stopped. With --json it prints one line on standard output once it is ready. */
export async function serve(
  options: ServeOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { reportPort = 0 } = options;
  if (reportPort !== 0 && reportPort === options.port)
    throw new CommandError(
      `--report-port ${reportPort} is the webhook's, which may be exposed, and the report never is: name another, or leave it out`,
      exitCodes.usage,
    );
  const write = jsonLog((line) => process.stderr.write(line));
  const log: Log = (entry) => {
    if (options.verbose || entry.severity === "ERROR" || entry.severity === "CRITICAL") write(entry);
  };
  if (options.simulated) {
    if (options.target !== undefined)
      throw new CommandError("--simulated makes a home of its own: name it with --home", exitCodes.usage);
    const { home, port, json, seed = 1 } = options;
    return rehearse({ home, port, json, seed }, terminal, env, log);
  }
  const home = localDirectory(options, env, "serve");
  const other = findRunning(home);
  if (other !== null) {
    throw new CommandError(
      `a server (process ${other.pid}) already runs on ${home}, at ${other.webhookUrl}: stop it, or use another --home`,
    );
  }
  // Registered before readiness is announced: a caller may stop it right away.
  const stopped = untilStopped();
  const stack = await startLocalStack({ home, port: options.port, reportPort, clock: systemClock, log, env });
  const removeNote = noteRunning(home, stack.webhookUrl);
  try {
    const { webhookUrl, reportUrl } = stack;
    // A secret that was passed in is not printed: it would end up in scrollback and logs.
    const isSecretGiven = Boolean(env.MRDATA_WEBHOOK_SECRET);
    if (options.json)
      terminal.out(
        JSON.stringify({ webhookUrl, secret: isSecretGiven ? null : stack.secret, home, reportUrl }),
      );
    else for (const line of welcome(stack, isSecretGiven, terminal)) terminal.say(line);
    await stopped;
  } finally {
    removeNote();
    await stack.close();
  }
}

/** An example webhook body: an incident that opens now. */
const example = (now: Date, incident: string): string =>
  JSON.stringify({
    event: {
      id: `01EXAMPLE${now.getTime()}`,
      event_type: "incident.triggered",
      resource_type: "incident",
      occurred_at: now.toISOString(),
      agent: { id: "PMONITOR", type: "inbound_integration_reference", summary: "Monitor" },
      client: null,
      data: {
        id: incident,
        type: "incident",
        number: 1,
        status: "triggered",
        title: "Disk 91% full on db-3",
        service: { id: "PSERVICE", type: "service_reference", summary: "Database" },
        assignees: [],
        escalation_policy: null,
        teams: [],
        priority: null,
        urgency: "high",
        resolve_reason: null,
      },
    },
  });

function welcome(
  { webhookUrl, url, secret, home, reportUrl }: LocalStack,
  isSecretGiven: boolean,
  { bold }: Terminal,
): readonly string[] {
  const now = new Date();
  const id = `PEX${now.getTime()}`;
  const body = example(now, id);
  // Signed in advance, so that the curl line works as it is.
  const signature = signBody(Buffer.from(body), secret);
  return [
    "",
    bold("Mr Data is listening."),
    `  webhook URL     ${webhookUrl}`,
    `  signing secret  ${isSecretGiven ? "the one in MRDATA_WEBHOOK_SECRET" : secret}`,
    `  data            ${home}`,
    `  report          ${reportUrl} (for this machine alone: it can change nothing)`,
    "",
    `For PagerDuty to reach it, expose ${url} and nothing else of this machine, through a tunnel or a proxy: there is`,
    "only /receive behind it, and that takes signed webhooks alone. Tell the bot the public address in MRDATA_WEBHOOK_URL.",
    "",
    "Send it an incident:",
    "",
    `  curl -sS ${webhookUrl} -H 'Content-Type: application/json' -H 'X-PagerDuty-Signature: ${signature}' --data-binary ${shellQuoted(body)}`,
    "",
    "and ask what it thought:",
    "",
    `  mrdata explain --home ${shellQuoted(home)} ${id}`,
    "",
    "Another, of any kind of event, made and signed for you: mrdata trigger --help",
    "",
    "Ctrl-C ends it.",
  ];
}

export const declareServe: Declare = (program, { terminal, env }) => {
  asksPagerDuty(onTarget(program.command("serve")))
    .description("run the local stack until Ctrl-C")
    .option("--port <port>", "port on 127.0.0.1; 0 takes a free one", portOption, 8080)
    .option(
      "--report-port <port>",
      "port of the report on 127.0.0.1, never the webhook's; 0 takes a free one",
      portOption,
      0,
    )
    .option("-v, --verbose", "log every event to standard error", false)
    .option(
      "--simulated",
      "beside a made-up PagerDuty in real time: try doctor, arm, drill, status and disarm on it",
      false,
    )
    .option("--seed <n>", "with --simulated: another organisation", seedOption, 1)
    .addHelpText(
      "after",
      "\nMRDATA_WEBHOOK_SECRET sets the signing secret; without it one is made and kept in the home.\n\nExample: mrdata serve --port 0 --home /tmp/mrdata --json",
    )
    .action((options) => serve(options, terminal, env));
};
