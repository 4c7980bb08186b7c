import type { DeclaredInputs, ModelOutputs } from "@mrdata/vertex";
import * as pulumi from "@pulumi/pulumi";

/** What VertexModel and VertexModelVersion are declared with; both take the same, since a model exists with its first upload. */
export type VertexArgs = { readonly [K in keyof DeclaredInputs]: pulumi.Input<DeclaredInputs[K]> };

/**
 * Kept as source text in the state and run in a process of Pulumi's: so it holds nothing but a call of
 * `packages/vertex` per method. The address is read from the stack's settings; as an input it would be a difference.
 */
class ModelProvider implements pulumi.dynamic.ResourceProvider<DeclaredInputs, ModelOutputs> {
  private baseUrl = "";
  private patience = "";

  async configure({ config }: pulumi.dynamic.ConfigureRequest): Promise<void> {
    this.baseUrl = config.get("vertexBaseUrl") ?? "";
    this.patience = config.get("patience") ?? "";
  }

  async diff(_id: string, olds: ModelOutputs, news: DeclaredInputs): Promise<pulumi.dynamic.DiffResult> {
    const { diffDeclaredModel } = await import("@mrdata/vertex");
    return diffDeclaredModel(olds, news);
  }

  async create(inputs: DeclaredInputs): Promise<pulumi.dynamic.CreateResult<ModelOutputs>> {
    const { createDeclaredModel, patienceOf, vertexOf } = await import("@mrdata/vertex");
    return createDeclaredModel(vertexOf(inputs, this.baseUrl), inputs, patienceOf(this.patience));
  }

  async read(id: string, olds?: ModelOutputs): Promise<pulumi.dynamic.ReadResult<ModelOutputs>> {
    const { readDeclaredModel, vertexOf } = await import("@mrdata/vertex");
    // Only an import knows nothing but the id, and a dynamic resource cannot be imported.
    if (olds === undefined) return { id };
    const props = await readDeclaredModel(vertexOf(olds, this.baseUrl), olds);
    return props === null ? { id: "" } : { id, props };
  }

  async update(
    _id: string,
    _olds: ModelOutputs,
    news: DeclaredInputs,
  ): Promise<pulumi.dynamic.UpdateResult<ModelOutputs>> {
    const { updateDeclaredModel, vertexOf } = await import("@mrdata/vertex");
    return { outs: await updateDeclaredModel(vertexOf(news, this.baseUrl), news) };
  }

  async delete(_id: string, olds: ModelOutputs): Promise<void> {
    const { vertexOf } = await import("@mrdata/vertex");
    await vertexOf(olds, this.baseUrl).deleteModel(olds.modelId);
  }
}

/**
 * A model in Vertex AI's registry with its first version. Deleting it deletes every version of it.
 */
export class VertexModel extends pulumi.dynamic.Resource {
  /** `projects/…/locations/…/models/…`. */
  declare readonly name: pulumi.Output<string>;
  declare readonly modelId: pulumi.Output<string>;

  constructor(name: string, args: VertexArgs, options?: pulumi.CustomResourceOptions) {
    super(new ModelProvider(), name, { name: undefined, ...args }, options, "mrdata", "VertexModel");
  }
}
