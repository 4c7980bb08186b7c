import { modeOf, type Settings, withMode } from "@mrdata/platform";
import { asksPagerDuty, type Declare, onTarget } from "../declare.ts";
import { openDoctorContext } from "../doctor/health.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { assertKnownService } from "../services/known-service.ts";
import { withReadableSettings } from "../settings-unreadable.ts";
import { chooseTarget, type TargetOptions } from "../target.ts";
import type { Terminal } from "../terminal.ts";
import { whoIs } from "../who.ts";

export type ModeOptions = TargetOptions & {
  readonly json: boolean;
  readonly why: string;
  readonly who?: string | undefined;
};

/** Puts a service into shadow or annotate; an armed service is disarmed by that. */
export async function mode(
  service: string,
  wanted: string,
  options: ModeOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  if (wanted === "armed")
    throw new CommandError(
      `arming takes more than a word: mrdata arm ${service} --policy ID`,
      exitCodes.usage,
    );
  if (wanted !== "shadow" && wanted !== "annotate")
    throw new CommandError(`'${wanted}' is not a mode: choose shadow or annotate`, exitCodes.usage);
  const { ledger, pagerduty, environment, close } = await openDoctorContext(
    chooseTarget(options, env),
    {},
    env,
  );
  try {
    let before = "shadow";
    let policy: string | null = null;
    const change = (settings: Settings): Settings => {
      before = modeOf(settings, service);
      // The bot may still be on the policy, so it stays recorded until somebody changes it.
      policy = Object.hasOwn(settings.services, service)
        ? (settings.services[service]?.policy ?? null)
        : null;
      const decided = { who: whoIs(options.who), at: Date.now(), why: options.why };
      return withMode(settings, service, { mode: wanted, policy }, decided);
    };
    await withReadableSettings(async () => {
      await assertKnownService(service, { ledger, pagerduty }, environment.MRDATA_WINDOW);
      await ledger.changeSettings(change);
    });
    if (options.json) terminal.out(JSON.stringify({ service, before, mode: wanted }));
    else
      terminal.out(
        `${service} is in ${wanted} now (before: ${before}): running functions follow within a minute.`,
      );
    if (before === "armed" && !options.json)
      terminal.say(
        `What is held is paged now. Take the policy ${policy ?? "with the bot"} off the service in PagerDuty: until then the bot pages at once what comes to it.`,
      );
  } finally {
    await close();
  }
}

export const declareMode: Declare = (program, { terminal, env }) => {
  asksPagerDuty(onTarget(program.command("mode <service> <shadow|annotate>")))
    .description("shadow: decide and record; annotate: also write the note on the incident")
    .option("--why <text>", "for the record", "")
    .option("--who <name>", "for the record (default: the account's name)")
    .addHelpText(
      "after",
      "\nIn both the bot is on no policy and delays nothing. Next is: mrdata arm <service> --policy ID\n\nExample: mrdata mode PDATABASE annotate --why 'two quiet weeks in shadow'",
    )
    .action((service, wanted, options) => mode(service, wanted, options, terminal, env));
};
