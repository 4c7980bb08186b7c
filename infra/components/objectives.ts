import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { GOAL, objectives, PERIOD_DAYS } from "../plan/objectives.ts";
import type { Stack } from "./stack.ts";

export interface ObjectivesArgs {
  /** Settings, names and labels of the stack. Required. */
  readonly stack: Stack;
  /** A filter, once Cloud Monitoring knows the metrics that it speaks of. Required. */
  readonly onceKnown: (filter: string) => pulumi.Output<string>;
  /** What has to be there before: the metrics, and what works without any objective. Required. */
  readonly after: readonly pulumi.Resource[];
}

/** Mr Data as a service of Cloud Monitoring, with its service level objectives: a page that shows what is left of each budget. */
export class Objectives extends pulumi.ComponentResource {
  constructor(
    name: string,
    { stack, onceKnown, after }: ObjectivesArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("mrdata:infra:Objectives", name, {}, opts);
    const { settings, names, labels } = stack;
    const { project } = settings;
    const waits = { parent: this, dependsOn: [...after] };
    const service = new gcp.monitoring.CustomService(
      `${name}-service`,
      {
        project,
        serviceId: names.objectives,
        displayName: `Mr Data${settings.suffix}`,
        userLabels: labels,
      },
      waits,
    );
    const filterOf = (slug: string): pulumi.Output<string> =>
      onceKnown(
        `metric.type="logging.googleapis.com/user/${names.metric(slug)}" AND resource.type="cloud_run_revision"`,
      );
    for (const { slug, title, good, total } of objectives)
      new gcp.monitoring.Slo(
        `${name}-${slug}`,
        {
          project,
          service: service.serviceId,
          sloId: slug,
          displayName: title,
          goal: GOAL,
          rollingPeriodDays: PERIOD_DAYS,
          requestBasedSli: {
            goodTotalRatio: { goodServiceFilter: filterOf(good), totalServiceFilter: filterOf(total) },
          },
          userLabels: labels,
        },
        waits,
      );
    this.registerOutputs({});
  }
}
