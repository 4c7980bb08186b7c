import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { type Service, services } from "../plan/services.ts";

export interface ApisArgs {
  /** Id of the Google Cloud project. Required. */
  readonly project: string;
  /** Which are enabled, each once. Required. */
  readonly services: readonly Service[];
}

/** The APIs of Google Cloud that are used. They stay enabled when the stack is destroyed: others may use them too. */
export class Apis extends pulumi.ComponentResource {
  private readonly enabled = new Map<string, gcp.projects.Service>();

  constructor(name: string, { project, services: wanted }: ApisArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mrdata:infra:Apis", name, {}, opts);
    for (const service of wanted)
      this.enabled.set(
        service,
        new gcp.projects.Service(
          `${name}-${service.replace(".googleapis.com", "")}`,
          { project, service, disableOnDestroy: false },
          { parent: this, retainOnDelete: true },
        ),
      );
    this.registerOutputs({});
  }

  /** What a resource of these APIs depends on. */
  of(...wanted: readonly Service[]): gcp.projects.Service[] {
    return wanted.map((service) => {
      const enabled = this.enabled.get(service);
      if (enabled === undefined) throw new Error(`${service} (${services[service]}) is not enabled`);
      return enabled;
    });
  }
}
