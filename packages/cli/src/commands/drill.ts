import { serviceOf } from "../arm/service-of.ts";
import { confirmName } from "../confirm.ts";
import { asksPagerDuty, type Declare, onTarget } from "../declare.ts";
import { openDoctorContext } from "../doctor/health.ts";
import { runAlarmDrill } from "../drill/alarm-drill.ts";
import { type Drill, runDrill } from "../drill/run-drill.ts";
import { drillCases, simulatedDrill } from "../drill/simulated-drill.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { chooseTarget, type TargetOptions } from "../target.ts";
import type { Terminal } from "../terminal.ts";

export type DrillCommandOptions = TargetOptions & {
  readonly json: boolean;
  readonly simulated: boolean;
  /** Raise a test alarm instead of opening a test incident. */
  readonly alarms: boolean;
  readonly confirm?: string | undefined;
  /** The bot is deliberately not on the service's policy. */
  readonly withoutBot: boolean;
};

/** Opens a test incident to prove that pages still reach people with the bot on call, and measures how long that takes. */
export async function drill(
  service: string | undefined,
  options: DrillCommandOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const named = [service !== undefined, options.simulated, options.alarms].filter(Boolean);
  if (named.length !== 1)
    throw new CommandError(
      "name a service, or --simulated for a made-up one, or --alarms for a test alarm",
      exitCodes.usage,
    );
  if (options.alarms) return alarms(options, terminal, env);
  const drills = options.simulated
    ? await simulated(options, terminal, env)
    : [await real(service ?? "", options, terminal, env)];
  const unreached = drills.filter(({ reached }) => !reached);
  if (unreached.length > 0)
    throw new CommandError(
      `no person was reached within ${unreached[0]?.allowedSeconds} s: run 'mrdata doctor', and disarm the service meanwhile`,
      exitCodes.unhealthy,
    );
  if (drills.some(({ throughBot }) => !throughBot) && !options.withoutBot)
    throw new CommandError(
      "a person was reached, and the bot was not on the way: that proves nothing of the bot. Put the policy with the bot first on the service ('mrdata doctor' says which), or give --without-bot where that is meant",
      exitCodes.unhealthy,
    );
}

async function alarms(
  options: DrillCommandOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const target = chooseTarget(options, env);
  if (target.kind === "local")
    throw new CommandError(
      "alarms are Google Cloud's: give --target gcp:PROJECT/DATABASE. On one machine what is wrong is in the log of 'serve'",
      exitCodes.usage,
    );
  const { ledger, environment, clock, close } = await openDoctorContext(target, {}, env);
  try {
    terminal.progress("waiting for the next sweep …");
    const { channels, sentAt } = await runAlarmDrill({
      ledger,
      clock,
      channels: environment.MRDATA_ALARM_CHANNELS,
    });
    if (options.json) terminal.out(JSON.stringify({ channels, sentAt: new Date(sentAt).toISOString() }));
    else
      terminal.out(
        `The test alarm was raised. Cloud Monitoring notifies ${channels.join(" and ")} within about five minutes; whoever is notified gets 'A test alarm'. If nobody is: docs/playbooks/alarm-drill.md.`,
      );
  } finally {
    await close();
  }
}

async function simulated(
  { json }: DrillCommandOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<readonly Drill[]> {
  const drills: Drill[] = [];
  for (const how of drillCases) {
    const done = await simulatedDrill(how, env);
    terminal.out(
      json ? JSON.stringify({ simulated: true, case: how, ...done }) : `${how}: ${sentenceOf(done)}`,
    );
    drills.push(done);
  }
  return drills;
}

async function real(
  service: string,
  options: DrillCommandOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<Drill> {
  const target = chooseTarget(options, env);
  const { pagerduty, environment, clock, close } = await openDoctorContext(target, {}, env);
  try {
    if (pagerduty === null)
      throw new CommandError("no PagerDuty key: set MRDATA_PAGERDUTY_TOKEN", exitCodes.notConfigured);
    const { name } = await serviceOf(pagerduty, service);
    await confirmName(
      `A drill opens a real incident on ${name} (${service}) and pages whoever is on call`,
      name,
      options.confirm,
    );
    terminal.progress("opening the incident …");
    const done = await runDrill(
      { pagerduty, clock },
      {
        service,
        key: `mrdata-drill-${clock.now()}`,
        bot: environment.MRDATA_BOT_USER,
        automations: environment.MRDATA_AUTOMATION_USERS,
        windowMs: environment.MRDATA_WINDOW,
        onOpened: (incident) => {
          if (!options.json) terminal.say(`Opened ${incident}; looking whom it reaches …`);
        },
      },
    );
    terminal.out(options.json ? JSON.stringify({ simulated: false, ...done }) : sentenceOf(done));
    if (!options.json)
      terminal.say(`${done.incident} stays open for whom it reached to resolve: the bot resolves nothing.`);
    return done;
  } finally {
    await close();
  }
}

function sentenceOf({ person, notifiedAfterSeconds, by, throughBot, allowedSeconds }: Drill): string {
  const way = throughBot ? "the bot had it first" : "it did not come by the bot";
  if (person === null) return `nobody was reached within ${allowedSeconds} s; ${way}.`;
  if (notifiedAfterSeconds === null)
    return `${person} has it, and was not notified within ${allowedSeconds} s; ${way}.`;
  const who = throughBot ? (by === "bot" ? ", and passed it on" : ", and PagerDuty itself escalated") : "";
  return `${person} was paged after ${notifiedAfterSeconds} s (${allowedSeconds} s are allowed); ${way}${who}.`;
}

export const declareDrill: Declare = (program, { terminal, env }) => {
  asksPagerDuty(onTarget(program.command("drill [service]")))
    .description("a test incident that proves that a page still reaches people with the bot on")
    .option("--confirm <name>", "the service's name: it pages whoever is on call")
    .option("--simulated", "on a made-up organisation instead, with the bot on and with the bot dead", false)
    .option(
      "--alarms",
      "a test alarm instead, which notifies whoever is notified when the bot is not well",
      false,
    )
    .option("--without-bot", "the bot is not on the service's policy, and is not meant to be", false)
    .addHelpText(
      "after",
      `
Opens an incident on the service in the bot's name, waits until PagerDuty has told a person of it, and says after how
long. Leaves it open: whoever was paged resolves it. Exits with 4 if nobody was told within the window and a minute,
or if it did not come by the bot (unless --without-bot is given).

Examples:
  mrdata drill --simulated
  mrdata drill --alarms --target gcp:my-project/mrdata
  mrdata drill PDATABASE --confirm=Database`,
    )
    .action((service, options) => drill(service, options, terminal, env));
};
