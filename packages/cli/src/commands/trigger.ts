import { randomBytes } from "node:crypto";
import { incidentEventTypes } from "@mrdata/incident";
import { webhookBody } from "@mrdata/pagerduty";
import { signingSecretOf } from "@mrdata/platform";
import { Option } from "commander";
import { type Declare, onTarget } from "../declare.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { findRunning } from "../running.ts";
import { errorIn, sendWebhook } from "../send-webhook.ts";
import { chooseTarget, openTarget, type TargetOptions } from "../target.ts";
import type { Terminal } from "../terminal.ts";
import { withStack } from "../with-stack.ts";

export type TriggerOptions = TargetOptions & {
  readonly json: boolean;
  readonly url?: string | undefined;
  readonly incident?: string | undefined;
  readonly service: string;
  readonly title: string;
  readonly actor: string;
  readonly note?: string | undefined;
};

const eventNames: readonly string[] = incidentEventTypes.map((type) => `incident.${type}`);

/** Makes one webhook of the named type, signs it and sends it. */
export async function trigger(
  eventType: string,
  options: TriggerOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  if (!eventNames.includes(eventType)) {
    throw new CommandError(
      `'${eventType}' is not an event: choose one of ${eventNames.slice(0, 11).join(", ")} …`,
      exitCodes.usage,
    );
  }
  const incident = options.incident ?? `P${randomBytes(7).toString("hex").toUpperCase().slice(0, 13)}`;
  const body = Buffer.from(JSON.stringify(payloadOf(eventType, incident, options)));
  const target = chooseTarget(options, env);
  const running = target.kind === "local" ? findRunning(target.directory) : null;
  const url = options.url ?? running?.webhookUrl;
  const report = (status: number, answer: string): void => {
    terminal.out(
      options.json
        ? JSON.stringify({ status, type: eventType, incident })
        : `${status}  ${eventType}  ${incident}  ${answer}`,
    );
    if (status >= 400) throw new CommandError(`the webhook was refused: ${errorIn(answer)}`);
    if (!options.json)
      terminal.say(
        `See what became of it: mrdata explain ${incident}${target.kind === "local" ? ` --home ${target.directory}` : ""}`,
      );
  };
  if (url === undefined && target.kind === "local") {
    return withStack(
      target.directory,
      env,
      () => {},
      async (stack) => {
        const { status, answer } = await sendWebhook(stack.webhookUrl, body, stack.secret);
        await stack.bus.idle({ ignoreRetries: true });
        report(status, answer);
      },
    );
  }
  if (url === undefined)
    throw new CommandError("name the deployed function with --url", exitCodes.notConfigured);
  const secret = await signingSecretOf(await openTarget(target, env).secrets());
  if (!secret)
    throw new CommandError(
      "no signing secret: set MRDATA_WEBHOOK_SECRET to the subscription's",
      exitCodes.notConfigured,
    );
  const { status, answer } = await sendWebhook(url, body, secret);
  report(status, answer);
}

const agents = {
  human: { id: "PPERSON", type: "user_reference", summary: "A person" },
  integration: { id: "PMONITOR", type: "inbound_integration_reference", summary: "Events API V2" },
  automation: null,
} as const;

function payloadOf(
  eventType: string,
  incident: string,
  { service, title, actor, note }: TriggerOptions,
): object {
  if (actor !== "human" && actor !== "integration" && actor !== "automation") {
    throw new CommandError(
      `--actor is one of human, integration, automation, not '${actor}'`,
      exitCodes.usage,
    );
  }
  const now = Date.now();
  const status =
    eventType === "incident.resolved"
      ? "resolved"
      : eventType === "incident.acknowledged"
        ? "acknowledged"
        : "triggered";
  return webhookBody({
    id: randomBytes(13).toString("hex").toUpperCase(),
    eventType,
    occurredAt: now,
    agent: agents[actor],
    incident: {
      id: incident,
      number: 1,
      title,
      status,
      serviceId: service,
      serviceName: service,
      urgency: "high",
      priority: null,
      assignees: [],
      escalationPolicy: { id: "PPOLICY", summary: "Default" },
      createdAt: now,
      incidentKey: null,
    },
    ...(note === undefined ? {} : { note }),
  });
}

export const declareTrigger: Declare = (program, { terminal, env }) => {
  onTarget(program.command("trigger <event>"))
    .description("make a webhook, sign it and send it")
    .option("--incident <id>", "PagerDuty id of the incident (default: a new one)")
    .option("--service <id>", "PagerDuty id of the service", "PSERVICE")
    .option("--title <text>", "title of the incident", "Disk 91% full on db-3")
    .addOption(
      new Option("--actor <who>", "who did it")
        .choices(["human", "integration", "automation"])
        .default("integration"),
    )
    .option("--note <text>", "text of the note, for incident.annotated")
    .option("--url <url>", "webhook URL (default: the server that runs in the home)")
    .addHelpText(
      "after",
      `\nEvents: ${eventNames.join(", ")}\n\nExample: mrdata trigger incident.triggered --service PDB --title "Disk full on db-3"`,
    )
    .action((event, options) => trigger(event, options, terminal, env));
};
