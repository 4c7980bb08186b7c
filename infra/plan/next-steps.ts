import type { Settings } from "../settings/settings.ts";
import type { Names } from "./names.ts";

/** What to do after `pulumi up`, in order, one sentence each. */
export function nextStepsOf(settings: Settings, names: Names): readonly string[] {
  const { project, region, suffix } = settings;
  const target = `gcp:${project}/${names.database}`;
  const url = `${names.url("receive")}/`;
  const byHand = settings.pagerDutyToken === null;
  return [
    ...(settings.publicWebhook
      ? []
      : [
          `Let PagerDuty call receive without the grant that your organisation forbids: gcloud run services update ${names.service("receive")} --region ${region} --project ${project} --no-invoker-iam-check`,
        ]),
    ...(byHand
      ? [
          `In PagerDuty, under Integrations, Generic Webhooks (v3), add a webhook subscription to ${url} for the incident events, and copy its signing secret.`,
          ...(settings.webhookSecret === null
            ? [
                "Give the signing secret to receive, which answers 503 until then: pulumi config set --secret webhookSecret, then pulumi up.",
              ]
            : []),
          "Give the bot a REST API key of PagerDuty, so that it can page: pulumi config set --secret pagerDutyToken, then pulumi up.",
        ]
      : []),
    ...(settings.bot.user === null
      ? [
          "Make a user for the bot in PagerDuty, told by e-mail alone: pulumi config set botUser PXXXXXX, pulumi config set botEmail ADDRESS, then pulumi up.",
        ]
      : []),
    ...(settings.alertPagerDutyKey === null
      ? [
          "Have a dead bot wake people: give the integration key of a PagerDuty service of people only: pulumi config set --secret alertPagerDutyKey, then pulumi up.",
        ]
      : []),
    `Ask whether all is well: ${suffix === "" ? "" : `MRDATA_SUFFIX=${suffix} `}npx mrdata doctor --target ${target}`,
    `Every service is in mode shadow: look at what the bot would have done before you arm one: npx mrdata explain INCIDENT --target ${target}`,
  ];
}
