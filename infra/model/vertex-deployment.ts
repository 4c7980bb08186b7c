import type { DeploymentInputs, DeploymentOutputs } from "@mrdata/vertex";
import * as pulumi from "@pulumi/pulumi";

/** What VertexDeployment is declared with. */
export type VertexDeploymentArgs = {
  readonly [K in keyof DeploymentInputs]: pulumi.Input<DeploymentInputs[K]>;
};

/** As thin as the model's, and for the same reason. */
class DeploymentProvider implements pulumi.dynamic.ResourceProvider<DeploymentInputs, DeploymentOutputs> {
  private baseUrl = "";
  private patience = "";

  async configure({ config }: pulumi.dynamic.ConfigureRequest): Promise<void> {
    this.baseUrl = config.get("vertexBaseUrl") ?? "";
    this.patience = config.get("patience") ?? "";
  }

  async diff(
    _id: string,
    olds: DeploymentOutputs,
    news: DeploymentInputs,
  ): Promise<pulumi.dynamic.DiffResult> {
    const { diffDeclaredDeployment } = await import("@mrdata/vertex");
    return diffDeclaredDeployment(olds, news);
  }

  async create(inputs: DeploymentInputs): Promise<pulumi.dynamic.CreateResult<DeploymentOutputs>> {
    const { createDeclaredDeployment, deploymentsOf, patienceOf } = await import("@mrdata/vertex");
    return createDeclaredDeployment(deploymentsOf(inputs, this.baseUrl), inputs, patienceOf(this.patience));
  }

  async read(id: string, olds?: DeploymentOutputs): Promise<pulumi.dynamic.ReadResult<DeploymentOutputs>> {
    const { deploymentsOf, readDeclaredDeployment } = await import("@mrdata/vertex");
    // Only an import knows nothing but the id, and a dynamic resource cannot be imported.
    if (olds === undefined) return { id };
    const props = await readDeclaredDeployment(deploymentsOf(olds, this.baseUrl), olds);
    return props === null ? { id: "" } : { id, props };
  }

  async update(
    _id: string,
    _olds: DeploymentOutputs,
    news: DeploymentInputs,
  ): Promise<pulumi.dynamic.UpdateResult<DeploymentOutputs>> {
    const { createDeclaredDeployment, deploymentsOf, patienceOf } = await import("@mrdata/vertex");
    const { outs } = await createDeclaredDeployment(
      deploymentsOf(news, this.baseUrl),
      news,
      patienceOf(this.patience),
    );
    return { outs };
  }

  async delete(_id: string, olds: DeploymentOutputs): Promise<void> {
    const { deploymentsOf } = await import("@mrdata/vertex");
    await deploymentsOf(olds, this.baseUrl).undeploy(olds.endpointId, olds.deployedModelId);
  }
}

/** A model version on a machine of its own behind an endpoint, with all of its traffic, which has answered once. */
export class VertexDeployment extends pulumi.dynamic.Resource {
  declare readonly deployedModelId: pulumi.Output<string>;
  /** Its share of the endpoint's traffic, in percent. */
  declare readonly traffic: pulumi.Output<number>;

  constructor(name: string, args: VertexDeploymentArgs, options?: pulumi.CustomResourceOptions) {
    super(
      new DeploymentProvider(),
      name,
      { traffic: undefined, ...args },
      options,
      "mrdata",
      "VertexDeployment",
    );
  }
}
