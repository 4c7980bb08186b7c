import type { Manifest } from "@mrdata/functions/manifests";
import { countedEvents, doneEventOf } from "@mrdata/platform/log-events";
import type { Names } from "./names.ts";

/** A count of structured log entries of one kind (https://cloud.google.com/logging/docs/logs-based-metrics). */
export type LogMetric = {
  readonly slug: string;
  readonly description: string;
  readonly filter: string;
  /** Fields of the entry that the count is split by. */
  readonly labels: readonly string[];
  /** A number of the entry whose distribution is kept; null: entries are counted. */
  readonly value: {
    readonly field: string;
    readonly unit: string;
    readonly bounds: readonly number[];
  } | null;
};

/** What functions log, by the `event` of the entry, and what is counted of it: as `logEvents` declares it. */
export function logMetricsOf(manifests: readonly Manifest[], names: Names): readonly LogMetric[] {
  const deployed = manifests.map(({ name }) => name);
  return [
    ...countedOf(manifests).map(([event, { slug, description, loggedBy, labels = [], value = null }]) => ({
      slug,
      description,
      labels,
      value,
      filter: entryOf((loggedBy === undefined ? deployed : [loggedBy]).map(names.service), event),
    })),
    ...manifests
      .filter(({ trigger, wakesPeople = true }) => trigger.kind === "schedule" && wakesPeople)
      .map(({ name }) => ({
        slug: heartbeat(name),
        description: `Runs of ${name} that came to their end`,
        labels: [],
        value: null,
        filter: entryOf([names.service(name)], doneEventOf(name)),
      })),
  ];
}

/** The events that are counted of these functions. */
export const countedOf = (manifests: readonly Manifest[]): typeof countedEvents =>
  countedEvents.filter(
    ([, { loggedBy }]) => loggedBy === undefined || manifests.some(({ name }) => name === loggedBy),
  );

/** The metric of the runs of a function that is called by schedule. */
export const heartbeat = (functionName: string): string => `${functionName}-done`;

/** Of several services as the query language writes alternatives (https://cloud.google.com/logging/docs/view/logging-query-language). */
const entryOf = (services: readonly string[], event: string): string => {
  const quoted = services.map((service) => `"${service}"`);
  return [
    'resource.type="cloud_run_revision"',
    `resource.labels.service_name=${quoted.length === 1 ? quoted[0] : `(${quoted.join(" OR ")})`}`,
    `jsonPayload.event="${event}"`,
  ].join(" AND ");
};
