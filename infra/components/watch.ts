import type { Manifest } from "@mrdata/functions/manifests";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { metricsKnown } from "../metrics-known.ts";
import { type Alarm, alarmsOf, chartsOf, playbookUrl } from "../plan/alarms.ts";
import { dashboardOf } from "../plan/dashboard.ts";
import { type LogMetric, logMetricsOf } from "../plan/log-metrics.ts";
import { Objectives } from "./objectives.ts";
import type { Stack } from "./stack.ts";

export interface WatchArgs {
  /** Settings, names and labels of the stack. Required. */
  readonly stack: Stack;
  /** The functions that are watched over. Required. */
  readonly manifests: readonly Manifest[];
  /** What is watched: alarms come after it, so that one that is refused stops nothing. Required. */
  readonly after: readonly pulumi.Resource[];
}

/** Alerting on Mr Data's own health: notification channels, alert policies, and a dashboard. */
export class Watch extends pulumi.ComponentResource {
  /** The page in Google's console. */
  readonly dashboardLink: pulumi.Output<string>;

  constructor(name: string, { stack, manifests, after }: WatchArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mrdata:infra:Watch", name, {}, opts);
    const { settings, names, labels, apis } = stack;
    const { project } = settings;
    const waits = { parent: this, dependsOn: apis.of("monitoring.googleapis.com") };
    const channels = channelsOf(name, stack, waits);
    const metrics = logMetricsOf(manifests, names).map((metric) => ({
      name: names.metric(metric.slug),
      declared: declareMetric(`${name}-metric-${metric.slug}`, metric, stack, {
        parent: this,
        dependsOn: apis.of("logging.googleapis.com"),
      }),
    }));
    const known = metricsKnown(settings, this);
    const last = {
      ...waits,
      dependsOn: [...waits.dependsOn, ...metrics.map(({ declared }) => declared), ...after],
    };
    const onceKnown = (filter: string): pulumi.Output<string> =>
      known.once(
        filter,
        metrics.filter((metric) => filter.includes(`/user/${metric.name}"`)).map(({ declared }) => declared),
      );
    for (const alarm of alarmsOf(manifests, names))
      declareAlarm(
        `${name}-alarm-${alarm.slug}`,
        alarm,
        conditionOf(alarm, onceKnown),
        channels,
        stack,
        last,
      );
    new Objectives(`${name}-objectives`, { stack, onceKnown, after: last.dependsOn }, { parent: this });
    const dashboard = new gcp.monitoring.Dashboard(
      `${name}-dashboard`,
      {
        project,
        dashboardJson: dashboardOf(`Mr Data${settings.suffix}`, chartsOf(manifests, names), labels),
      },
      { ...waits, dependsOn: [...waits.dependsOn, ...metrics.map(({ declared }) => declared)] },
    );
    const id = dashboard.id.apply((whole) => whole.split("/").at(-1) ?? "");
    this.dashboardLink = pulumi.interpolate`https://console.cloud.google.com/monitoring/dashboards/builder/${id}?project=${project}`;
    this.registerOutputs({});
  }
}

function channelsOf(
  name: string,
  { settings, labels }: Stack,
  opts: pulumi.CustomResourceOptions,
): gcp.monitoring.NotificationChannel[] {
  const { project, alertEmail, alertPagerDutyKey } = settings;
  const channels: gcp.monitoring.NotificationChannel[] = [];
  if (alertEmail !== null)
    channels.push(
      new gcp.monitoring.NotificationChannel(
        `${name}-email`,
        {
          project,
          displayName: `Mr Data${settings.suffix}: e-mail`,
          type: "email",
          labels: { email_address: alertEmail },
          userLabels: labels,
        },
        opts,
      ),
    );
  if (alertPagerDutyKey !== null)
    channels.push(
      new gcp.monitoring.NotificationChannel(
        `${name}-pagerduty`,
        {
          project,
          displayName: `Mr Data${settings.suffix}: PagerDuty, people only`,
          type: "pagerduty",
          sensitiveLabels: { serviceKey: pulumi.secret(alertPagerDutyKey) },
          userLabels: labels,
        },
        opts,
      ),
    );
  return channels;
}

function declareMetric(
  name: string,
  { slug, description, filter, labels, value }: LogMetric,
  { settings, names }: Stack,
  opts: pulumi.CustomResourceOptions,
): gcp.logging.Metric {
  return new gcp.logging.Metric(
    name,
    {
      project: settings.project,
      name: names.metric(slug),
      description,
      filter,
      metricDescriptor: {
        metricKind: "DELTA",
        valueType: value === null ? "INT64" : "DISTRIBUTION",
        ...(value !== null && { unit: value.unit }),
        labels: labels.map((key) => ({ key, valueType: "STRING" })),
      },
      ...(value !== null && {
        valueExtractor: `EXTRACT(jsonPayload.${value.field})`,
        bucketOptions: { explicitBuckets: { bounds: [...value.bounds] } },
      }),
      labelExtractors: Object.fromEntries(labels.map((key) => [key, `EXTRACT(jsonPayload.${key})`])),
    },
    opts,
  );
}

/** When an alert fires. A query need not wait until its metrics are known: it says what holds while there are none. */
function conditionOf(
  alarm: Alarm,
  onceKnown: (filter: string) => pulumi.Output<string>,
): Omit<gcp.types.input.monitoring.AlertPolicyCondition, "displayName"> {
  const { lasting: duration } = alarm;
  if (alarm.kind === "query")
    return {
      conditionPrometheusQueryLanguage: {
        query: alarm.query,
        duration,
        evaluationInterval: "60s",
        disableMetricValidation: true,
      },
    };
  const { aligner, reducer, period } = alarm;
  const filter = onceKnown(alarm.filter);
  const aggregations = [{ alignmentPeriod: period, perSeriesAligner: aligner, crossSeriesReducer: reducer }];
  return alarm.kind === "absent"
    ? { conditionAbsent: { filter, aggregations, duration } }
    : {
        conditionThreshold: {
          filter,
          aggregations,
          comparison: "COMPARISON_GT",
          thresholdValue: alarm.threshold,
          duration,
        },
      };
}

function declareAlarm(
  name: string,
  alarm: Alarm,
  condition: ReturnType<typeof conditionOf>,
  channels: readonly gcp.monitoring.NotificationChannel[],
  { settings, labels }: Stack,
  opts: pulumi.CustomResourceOptions,
): gcp.monitoring.AlertPolicy {
  return new gcp.monitoring.AlertPolicy(
    name,
    {
      project: settings.project,
      displayName: `Mr Data${settings.suffix}: ${alarm.title}`,
      combiner: "OR",
      severity: alarm.severity,
      conditions: [{ displayName: alarm.title, ...condition }],
      notificationChannels: channels.map(({ name: channel }) => channel),
      documentation: {
        mimeType: "text/markdown",
        content: alarm.text,
        ...(settings.playbooks !== null && {
          links: [{ displayName: "Step by step", url: playbookUrl(settings.playbooks, alarm.slug) }],
        }),
      },
      alertStrategy: { autoClose: "86400s" },
      userLabels: labels,
    },
    opts,
  );
}
