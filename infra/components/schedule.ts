import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionDeployment } from "./function-deployment.ts";
import type { Stack } from "./stack.ts";

export interface ScheduleArgs {
  /** Settings, names and labels of the stack. Required. */
  readonly stack: Stack;
  /** When, as cron in UTC. Required. */
  readonly cron: string;
  /** The private function that is called. Required. */
  readonly to: FunctionDeployment;
  /** Whose tokens it is shown. Required. */
  readonly caller: gcp.serviceaccount.Account;
  /** How long the function may take, seconds, at most 1,800. Required. */
  readonly timeoutSeconds: number;
}

/** Calls a private function by schedule. What fails is not repeated: the next turn is soon. */
export class Schedule extends pulumi.ComponentResource {
  readonly job: gcp.cloudscheduler.Job;

  constructor(name: string, args: ScheduleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mrdata:functions:Schedule", name, {}, opts);
    const { stack, cron, to, caller, timeoutSeconds } = args;
    const { settings, names, apis } = stack;
    this.job = new gcp.cloudscheduler.Job(
      `${name}-job`,
      {
        project: settings.project,
        region: settings.region,
        name: names.service(name.replace(/-schedule$/, "")),
        description: `Mr Data: calls ${to.url}`,
        schedule: cron,
        timeZone: "Etc/UTC",
        attemptDeadline: `${timeoutSeconds}s`,
        retryConfig: { retryCount: 0 },
        httpTarget: {
          httpMethod: "POST",
          uri: `${to.url}/`,
          oidcToken: { serviceAccountEmail: caller.email, audience: to.url },
        },
      },
      { parent: this, dependsOn: [...apis.of("cloudscheduler.googleapis.com"), ...to.invokable] },
    );
    this.registerOutputs({ job: this.job.name });
  }
}
