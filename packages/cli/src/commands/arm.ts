import { allWell } from "@mrdata/doctor";
import { readBudget } from "@mrdata/functions";
import { certificateSentence, certificateShortfall, type HoldChoices } from "@mrdata/learning";
import { armedServices, armingAt, type Ledger, modeOf, type Settings, withMode } from "@mrdata/platform";
import { armingTime } from "../arm/arming-time.ts";
import { lastMonth, monthLines } from "../arm/last-month.ts";
import { serviceOf } from "../arm/service-of.ts";
import { choicesOf } from "../choices.ts";
import { choicesLines } from "../choices-lines.ts";
import { confirmName } from "../confirm.ts";
import { asksPagerDuty, type Declare, onTarget } from "../declare.ts";
import { checkLines, unwellNames } from "../doctor/check-lines.ts";
import { openDoctorContext } from "../doctor/health.ts";
import { pingWaitOption } from "../doctor/ping-wait.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { certifiedBy } from "../models/certified-by.ts";
import { refuseUncertifiable } from "../models/refuse-uncertifiable.ts";
import { zoneWith } from "../option-types.ts";
import { readPast } from "../past/ask-champion.ts";
import { withReadableSettings } from "../settings-unreadable.ts";
import { chooseTarget, type TargetOptions } from "../target.ts";
import type { Terminal } from "../terminal.ts";
import { whoIs } from "../who.ts";
import { windowLines } from "../window-lines.ts";
import { printWrapped } from "../wrapped.ts";

export type ArmOptions = TargetOptions & {
  readonly json: boolean;
  readonly policy: string;
  readonly confirm?: string | undefined;
  readonly why: string;
  readonly who?: string | undefined;
  readonly timeZone: string;
  readonly webhookUrl?: string | undefined;
  readonly pingWait: number;
};

/**
 * Arms a service: replays its last 30 days, refuses while a required check fails, asks the user to type the service's name, writes the
 * setting, and only then tells the user to put the policy on the service. The bot never edits policies.
 */
export async function arm(
  service: string,
  options: ArmOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { policy, json } = options;
  const target = chooseTarget(options, env);
  const context = await openDoctorContext(target, options, env);
  const { ledger, models, pagerduty, environment, clock } = context;
  const print = (lines: readonly string[]): void => {
    if (!json) printWrapped(terminal, lines);
  };
  try {
    if (pagerduty === null)
      throw new CommandError("no PagerDuty key: set MRDATA_PAGERDUTY_TOKEN", exitCodes.notConfigured);
    const settings = await withReadableSettings(() => ledger.settings());
    refuseUncertifiable({ budget: settings.missBudget, ...settings.certificate });
    const { name, policyId } = await serviceOf(pagerduty, service);
    const windowMs = environment.MRDATA_WINDOW;
    const { timeZone } = options;
    const now = clock.now();
    const progress = (sentence: string) => terminal.progress(sentence);
    const month = await lastMonth({ ledger, models }, service, {
      now,
      windowMs,
      settings,
      timeZone,
      progress,
    });
    print([
      terminal.bold(`${name} (${service}), armed under ${policy}`),
      ...monthLines(month, windowMs, now),
      "",
    ]);

    terminal.progress("asking PagerDuty …");
    const otherArmed = armedServices(settings).filter((one) => one !== service);
    const checks = await context.checks(settings, [{ service, policy }], otherArmed);
    if (!allWell(checks)) {
      if (json) terminal.out(JSON.stringify({ armed: false, service, policy, month, checks }));
      else
        for (const line of checkLines(
          checks.filter(({ state }) => state !== "ok"),
          terminal,
        ))
          terminal.out(line);
      throw new CommandError(
        `${name} is not armed: ${unwellNames(checks).join(", ")}. Mend that, look with 'mrdata doctor --service ${service} --policy ${policy}', and arm again`,
        exitCodes.unhealthy,
      );
    }
    const card = await context.championCard();
    const certificate = card?.certificate ?? null;
    const windows = card?.windows ?? null;
    const { missBudget: budget } = settings;
    const shortfall = certificateShortfall(certificate, { budget, ...settings.certificate });
    if (certificate === null || shortfall !== null) {
      // A certificate for a larger budget can be renewed by retraining; without any, the team has to trade something off.
      const choices =
        certificate === null ? await choicesOfLedger(ledger, { windowMs, settings, terminal }) : null;
      if (json)
        terminal.out(
          JSON.stringify({ armed: false, service, policy, month, checks, certificate, shortfall, choices }),
        );
      else if (choices !== null) print(choicesLines(choices, terminal));
      const remark = certificate === null ? (card?.remark ?? null) : null;
      const why = remark === null ? "" : ` (${remark.replace(/\.$/, "")})`;
      throw new CommandError(
        `${name} is not armed: the champion ${shortfall}${why}, and so nothing is held above annotate. 'mrdata train --promote' makes a version that is certified for what is set, or says how many incidents are missing; 'mrdata mode ${service} annotate' works meanwhile`,
        exitCodes.unhealthy,
      );
    }
    print([
      certificateSentence(certificate),
      `New versions are certified ${certifiedBy({ ...settings, ...settings.certificate })}.`,
      "",
    ]);
    print([
      ...(windows === null
        ? [
            "What other hold windows would come to this version does not say: 'mrdata backtest --windows' does.",
          ]
        : windowLines(windows, terminal, windowMs)),
      "",
    ]);
    print([`All ${checks.filter(({ needed }) => needed).length} needed checks hold.`]);
    await confirmName(
      `Arming lets the bot hold pages of ${name} for up to ${windowMs / 60_000} minutes`,
      name,
      options.confirm,
    );
    const at = await armingTime(pagerduty, clock);
    const { evidence } = await readBudget(ledger, settings, clock.now());
    const decided = { who: whoIs(options.who), why: options.why };
    await ledger.changeSettings((before) =>
      withMode(before, service, { mode: "armed", policy }, { ...decided, at: armingAt(before, service, at) }),
    );
    if (json)
      terminal.out(
        JSON.stringify({
          armed: true,
          service,
          policy,
          month,
          checks,
          certificate,
          windows,
          budgetEvidenceBefore: evidence,
        }),
      );
    if (evidence !== null && modeOf(settings, service) === "armed")
      print([
        `The evidence so far ends here, at ${evidence.evidence.toFixed(2)} by ${evidence.misses} misses of ${evidence.real} since ${evidence.since.slice(0, 10)}: it begins anew at one.`,
      ]);
    print([`${name} is armed, by ${decided.who}: running functions follow within a minute.`]);
    if (settings.disarmed !== null)
      print([`That ended the disarming of everything by ${settings.disarmed.who}.`]);
    if (policyId !== policy && !json)
      terminal.say(
        `Now put the policy ${policy} on ${name}: in PagerDuty (Services → ${name} → Settings → Escalation policy), or in your Pulumi program. Until then the bot gets nothing of it.`,
      );
    if (!json)
      terminal.say(`Then prove it: mrdata drill ${service}. The way back: mrdata disarm ${service} --why …`);
  } finally {
    await context.close();
  }
}

/** The options that the ledger's history leaves, for a champion without a certificate. */
async function choicesOfLedger(
  ledger: Pick<Ledger, "pastIncidents">,
  {
    windowMs,
    settings,
    terminal,
  }: { readonly windowMs: number; readonly settings: Settings; readonly terminal: Terminal },
): Promise<HoldChoices | null> {
  const progress = (sentence: string) => terminal.progress(sentence);
  const { incidents } = await readPast(ledger, progress);
  return choicesOf(incidents, {
    windowMs,
    seed: 1,
    certificate: { budget: settings.missBudget, ...settings.certificate },
    progress,
  });
}

export const declareArm: Declare = (program, { terminal, env }) => {
  asksPagerDuty(onTarget(program.command("arm <service>")))
    .description("let the bot hold pages of a service, under a policy with the bot alone on level 1")
    .requiredOption("--policy <id>", "the policy that is prepared for it, not on the service yet")
    .option("--confirm <name>", "the service's name")
    .option("--why <text>", "for the record", "")
    .option("--who <name>", "for the record (default: the account's name)")
    .addOption(zoneWith("in which nights are counted"))
    .option("--webhook-url <url>", "where PagerDuty sends its webhooks (or MRDATA_WEBHOOK_URL)")
    .addOption(pingWaitOption())
    .addHelpText(
      "after",
      `
Shows first what the last 30 days would have been; refuses, with exit code 4, while a needed check of 'mrdata doctor'
fails for that policy; asks for the service's name; writes the setting; and only then asks you to put the policy on the
service. The bot never edits policies.

Example:
  mrdata arm PDATABASE --policy PARMED --confirm=Database`,
    )
    .action((service, options) => arm(service, options, terminal, env));
};
