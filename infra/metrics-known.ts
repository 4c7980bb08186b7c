import { setTimeout } from "node:timers/promises";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { answerOf } from "./ask-google.ts";
import { madeOf } from "./once-known.ts";

/** Longest pause between two checks. */
const POLL_INTERVAL_MS = 10_000;
const MONITORING = "https://monitoring.googleapis.com/v3/";

export type MetricsKnown = {
  /** `value`, once Cloud Monitoring knows these metrics, or has had `patience` for it. A preview waits for nothing. */
  once(value: string, metrics: readonly gcp.logging.Metric[]): pulumi.Output<string>;
};

/**
 * Waits for metrics of logs: an alert policy on one that is seconds old is refused, for up to ten minutes
 * (https://github.com/hashicorp/terraform-provider-google/issues/11102). Asks as whoever runs Pulumi. What cannot be asked
 * is not waited for: then Cloud Monitoring says itself what it misses.
 */
export function metricsKnown(
  { project, patience }: { readonly project: string; readonly patience: number },
  resource: pulumi.Resource,
): MetricsKnown {
  const known = new Map<string, Promise<void>>();
  const waitFor = (name: string): Promise<void> => {
    const waited = known.get(name) ?? untilKnown(name);
    known.set(name, waited);
    return waited;
  };
  let token: Promise<string | null> | undefined;

  async function untilKnown(name: string): Promise<void> {
    token ??= answerOf(gcp.organizations.getClientConfig()).then((answer) =>
      "said" in answer ? answer.said.accessToken : null,
    );
    const bearer = await token;
    const until = Date.now() + patience;
    while (bearer !== null && (await isMissing(project, name, bearer)) && Date.now() < until) {
      await pulumi.log.info(
        `waits until Cloud Monitoring knows the metric ${name}, at most ${Math.ceil((until - Date.now()) / 1000)} s more`,
        resource,
        undefined,
        true,
      );
      await setTimeout(Math.min(POLL_INTERVAL_MS, patience / 30));
    }
  }

  return {
    once(value, metrics) {
      const made = metrics.map((metric) => pulumi.all([metric.name, madeOf(metric)]));
      return pulumi.all(made).apply(async (all) => {
        const names = all.map(([name]) => name);
        if (!pulumi.runtime.isDryRun()) await Promise.all(names.map(waitFor));
        return value;
      });
    },
  };
}

/** False also where it could not be found out. */
async function isMissing(project: string, name: string, token: string): Promise<boolean> {
  const base = new pulumi.Config("gcp").get("monitoringCustomEndpoint") ?? MONITORING;
  const type = encodeURIComponent(`logging.googleapis.com/user/${name}`).replaceAll("%2F", "/");
  try {
    const { status } = await fetch(new URL(`projects/${project}/metricDescriptors/${type}`, base), {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(POLL_INTERVAL_MS),
    });
    return status === 404;
  } catch {
    return false;
  }
}
