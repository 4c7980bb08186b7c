import { allWell, armedWithPolicies, type Check } from "@mrdata/doctor";
import type { Target } from "@mrdata/runtime";
import { asksPagerDuty, type Declare, onTarget } from "../declare.ts";
import { checkLines, unwellNames } from "../doctor/check-lines.ts";
import { openDoctorContext, settingsOf } from "../doctor/health.ts";
import { pingWaitOption } from "../doctor/ping-wait.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { checkGoogle } from "../google/check-google.ts";
import { chooseTarget, type TargetOptions } from "../target.ts";
import type { Terminal } from "../terminal.ts";

export type DoctorOptions = TargetOptions & {
  readonly json: boolean;
  readonly service?: string | undefined;
  readonly policy?: string | undefined;
  readonly webhookUrl?: string | undefined;
  readonly pingWait: number;
  /** Check only whether this machine's log-in may read the ledger and disarm. */
  readonly google: boolean;
};

/** Runs every check that must hold while the bot is first on call, and prints each result with its fix. */
export async function doctor(
  options: DoctorOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { service, policy, json } = options;
  if ((service === undefined) !== (policy === undefined))
    throw new CommandError(
      "--service and --policy belong together: the service that is to be armed, and the policy prepared for it",
      exitCodes.usage,
    );
  const target = chooseTarget(options, env);
  if (options.google) return checkGoogleAccess(target, json, terminal, env);
  const context = await openDoctorContext(target, options, env);
  try {
    terminal.progress("asking PagerDuty …");
    const { settings, unreadable } = await settingsOf(context);
    const armed = settings === null ? [] : armedWithPolicies(settings);
    const checked =
      service !== undefined && policy !== undefined
        ? [...armed.filter((one) => one.service !== service), { service, policy }]
        : armed;
    const checks = [...unreadable, ...(await context.checks(settings, checked))];
    const well = allWell(checks);
    if (json) terminal.out(JSON.stringify({ ok: well, posts: checked, checks }));
    else report(checks, checked.length, terminal);
    if (!well)
      throw new CommandError(
        `not well: ${unwellNames(checks).join(", ")}. No service can be armed, or stays armed, until that is fixed`,
        exitCodes.unhealthy,
      );
  } finally {
    await context.close();
  }
}

/** Checks, before it is needed at 3 am, which account this machine has on Google Cloud and what it may do there. */
async function checkGoogleAccess(
  target: Target,
  json: boolean,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  if (target.kind !== "gcp")
    throw new CommandError(
      "--google is for what runs on Google Cloud: name it with --target gcp:PROJECT/DATABASE",
      exitCodes.usage,
    );
  const { openGooglePorts } = await import("../google/open-google-ports.ts");
  const { close, ...ports } = openGooglePorts(target, env);
  try {
    const checks = await checkGoogle(ports, target);
    const well = checks.every(({ state }) => state === "ok");
    if (json) terminal.out(JSON.stringify({ ok: well, checks }));
    else
      for (const { name, state, sentence } of checks)
        terminal.out(`${(state === "failed" ? "FAILED" : state).padEnd(8)}${name.padEnd(13)}${sentence}`);
    if (!well)
      throw new CommandError(
        `not all of it may be done from here: ${checks.flatMap(({ name, state }) => (state === "ok" ? [] : [name])).join(", ")}. 'mrdata disarm --by-note' needs no Google Cloud`,
        exitCodes.notConfigured,
      );
  } finally {
    await close();
  }
}

function report(checks: readonly Check[], services: number, terminal: Terminal): void {
  for (const line of checkLines(checks, terminal)) terminal.out(line);
  if (services === 0)
    terminal.say(
      "No service is armed, so no policy was looked at: name one with --service and --policy before you arm it.",
    );
}

export const declareDoctor: Declare = (program, { terminal, env }) => {
  asksPagerDuty(onTarget(program.command("doctor")))
    .description(
      "whether everything holds that has to hold while the bot stands first, and how to fix what does not",
    )
    .option("--service <id>", "a service that is not armed yet, with --policy")
    .option("--policy <id>", "the policy that is prepared for it, with the bot alone on level 1")
    .option("--webhook-url <url>", "where PagerDuty sends its webhooks (or MRDATA_WEBHOOK_URL)")
    .addOption(pingWaitOption())
    .option("--google", "only: who am I to Google Cloud, may I read the ledger, may I disarm", false)
    .addHelpText(
      "after",
      `
Looks at the armed services and at everything they need. Changes nothing: PagerDuty is only asked to send a ping.
Exits with 4 when anything needed fails or cannot be found out (--google: with 3). Needs MRDATA_PAGERDUTY_TOKEN; MRDATA_BOT_USER, MRDATA_FROM,
MRDATA_FALLBACK_POLICY and the like are as the running bot noted them, unless set here.

Examples:
  mrdata doctor
  mrdata doctor --service PDATABASE --policy PARMED
  mrdata doctor --target gcp:my-project/mrdata --json
  mrdata doctor --google --target gcp:my-project/mrdata`,
    )
    .action((options) => doctor(options, terminal, env));
};
