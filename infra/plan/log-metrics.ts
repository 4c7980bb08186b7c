import type { Manifest } from "@mrdata/functions/manifests";
import type { Names } from "./names.ts";

/** A count of structured log entries of one kind (https://cloud.google.com/logging/docs/logs-based-metrics). */
export type LogMetric = {
  readonly slug: string;
  readonly description: string;
  readonly filter: string;
  /** Fields of the entry that the count is split by. */
  readonly labels: readonly string[];
};

/** What functions log, by the `event` of the entry, and what is counted of it. */
export function logMetricsOf(manifests: readonly Manifest[], names: Names): readonly LogMetric[] {
  const counted = (
    fn: string,
    slug: string,
    event: string,
    description: string,
    labels: readonly string[] = [],
  ) =>
    manifests.some(({ name }) => name === fn)
      ? [{ slug, description, labels, filter: entryOf(names.service(fn), event) }]
      : [];
  return [
    ...counted("receive", "webhooks-refused", "webhook.refused", "Webhooks that were refused", ["reason"]),
    ...counted("respond", "predictions", "prediction.stored", "Predictions, by what was decided", [
      "decision",
      "mode",
    ]),
    ...counted("respond", "pages", "page.asked", "Times that the bot was asked to page, by what it did", [
      "action",
    ]),
    ...counted(
      "respond",
      "model-refused",
      "model.refused",
      "Model versions that were refused: too old, another window, broken",
    ),
    ...counted("sweep", "checks-failed", "check.failed", "Needed checks that failed for an armed service"),
    ...counted(
      "sweep",
      "checks-unreliable",
      "check.unreliable",
      "Needed checks that could not be answered for 15 minutes",
    ),
    ...counted(
      "sweep",
      "disarmed",
      "budget.spent",
      "Times that the bot disarmed itself because the miss budget was spent",
    ),
    ...manifests
      .filter(({ trigger }) => trigger.kind === "schedule")
      .map(({ name }) => ({
        slug: heartbeat(name),
        description: `Runs of ${name} that came to their end`,
        labels: [],
        filter: entryOf(names.service(name), `${name}.done`),
      })),
  ];
}

/** The metric of the runs of a function that is called by schedule. */
export const heartbeat = (functionName: string): string => `${functionName}-done`;

const entryOf = (service: string, event: string): string =>
  [
    'resource.type="cloud_run_revision"',
    `resource.labels.service_name="${service}"`,
    `jsonPayload.event="${event}"`,
  ].join(" AND ");
