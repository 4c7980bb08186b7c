import type { Settings } from "../settings/settings.ts";
import type { Names } from "./names.ts";
import { openCommand } from "./webhook-open.ts";

/**
 * What to do after `pulumi up`, in order, one sentence each. `version` is the model version that is declared, if one is;
 * `suffix` the names' end.
 */
export function nextStepsOf(settings: Settings, names: Names, version: string | null): readonly string[] {
  const { project, region, suffix } = settings;
  const mrdata = (command: string) =>
    `${suffix === "" ? "" : `MRDATA_SUFFIX=${suffix} `}mrdata ${command} --target gcp:${project}/${names.database}`;
  return [
    ...(settings.publicWebhook
      ? []
      : [
          `Let PagerDuty call receive without the grant that your organisation forbids, now and after each up that changed receive, which says so: ${openCommand(names.service("receive"), region, project)}`,
        ]),
    ...webhookSteps(settings, `${names.url("receive")}/`),
    ...(settings.bot.user === null
      ? [
          "Make a user for the bot in PagerDuty, notified by e-mail alone: pulumi config set botUser PXXXXXX, pulumi config set botEmail ADDRESS, then pulumi up.",
        ]
      : []),
    ...(settings.alertPagerDutyKey === null
      ? [
          "Have a dead bot wake people: give the integration key of a PagerDuty service of people only: pulumi config set --secret alertPagerDutyKey, then pulumi up.",
        ]
      : []),
    ...(version === null
      ? []
      : [
          `Until it is promoted nobody asks the model version ${version}, and the alert type's own rate predicts: ${mrdata(`models promote ${version}`)}`,
        ]),
    `Ask whether all is well: ${mrdata("doctor")}`,
    `Every service is in mode shadow: look at what the bot would have done before you arm one: ${mrdata("explain INCIDENT")}`,
  ];
}

/** With a token the subscription is this stack's own; one made by hand beside it would send every event twice. */
function webhookSteps({ pagerDutyToken, webhookSecret }: Settings, url: string): readonly string[] {
  const deleteOther = `delete the webhook subscription to ${url} that was made by hand, then pulumi config rm webhookSecret, then pulumi up`;
  if (pagerDutyToken !== null)
    return webhookSecret === null
      ? []
      : [`This stack has a webhook subscription of its own, so every event comes twice: ${deleteOther}.`];
  const token =
    "Give the bot a REST API key of PagerDuty, so that it can page; the webhook subscription is then made for you: pulumi config set --secret pagerDutyToken, then pulumi up.";
  return webhookSecret === null
    ? [
        token,
        `Or, to listen only and without a key: in PagerDuty, under Integrations, Generic Webhooks (v3), add a webhook subscription to ${url} with the events that mrdata doctor names, and give its signing secret to receive, which answers 503 until then: pulumi config set --secret webhookSecret, then pulumi up.`,
      ]
    : [`${token} After that, ${deleteOther}.`];
}
