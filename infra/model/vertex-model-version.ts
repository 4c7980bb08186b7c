import type { DeclaredInputs, VersionOutputs } from "@mrdata/vertex";
import * as pulumi from "@pulumi/pulumi";
import type { VertexArgs } from "./vertex-model.ts";

/** As thin as the model's, and for the same reason. */
class ModelVersionProvider implements pulumi.dynamic.ResourceProvider<DeclaredInputs, VersionOutputs> {
  private baseUrl = "";
  private patience = "";

  async configure({ config }: pulumi.dynamic.ConfigureRequest): Promise<void> {
    this.baseUrl = config.get("vertexBaseUrl") ?? "";
    this.patience = config.get("patience") ?? "";
  }

  async diff(_id: string, olds: VersionOutputs, news: DeclaredInputs): Promise<pulumi.dynamic.DiffResult> {
    const { diffDeclaredVersion } = await import("@mrdata/vertex");
    return diffDeclaredVersion(olds, news);
  }

  async create(inputs: DeclaredInputs): Promise<pulumi.dynamic.CreateResult<VersionOutputs>> {
    const { createDeclaredVersion, patienceOf, vertexOf } = await import("@mrdata/vertex");
    return createDeclaredVersion(vertexOf(inputs, this.baseUrl), inputs, patienceOf(this.patience));
  }

  async read(id: string, olds?: VersionOutputs): Promise<pulumi.dynamic.ReadResult<VersionOutputs>> {
    const { readDeclaredVersion, vertexOf } = await import("@mrdata/vertex");
    // Only an import knows nothing but the id, and a dynamic resource cannot be imported.
    if (olds === undefined) return { id };
    const props = await readDeclaredVersion(vertexOf(olds, this.baseUrl), olds);
    return props === null ? { id: "" } : { id, props };
  }

  async update(
    _id: string,
    olds: VersionOutputs,
    news: DeclaredInputs,
  ): Promise<pulumi.dynamic.UpdateResult<VersionOutputs>> {
    const { updateDeclaredVersion, vertexOf } = await import("@mrdata/vertex");
    return { outs: await updateDeclaredVersion(vertexOf(olds, this.baseUrl), olds, news) };
  }

  async delete(_id: string, olds: VersionOutputs): Promise<void> {
    const { deleteDeclaredVersion, vertexOf } = await import("@mrdata/vertex");
    await deleteDeclaredVersion(vertexOf(olds, this.baseUrl), olds);
  }
}

/**
 * The version of the model that this folder makes, as the model's default. Google numbers it; by name it is
 * what it is declared as, else `v` and that number. Another folder adds a version and keeps this one, so that going back is declaring the old folder;
 * with `retainOnDelete: false` the old one is deleted.
 */
export class VertexModelVersion extends pulumi.dynamic.Resource {
  /** The model's name, `@`, and the version's number. */
  declare readonly name: pulumi.Output<string>;
  declare readonly version: pulumi.Output<string>;
  /** `v1`, `v2`, … */
  declare readonly alias: pulumi.Output<string>;

  constructor(name: string, args: VertexArgs, options?: pulumi.CustomResourceOptions) {
    super(
      new ModelVersionProvider(),
      name,
      { name: undefined, version: undefined, alias: undefined, ...args },
      { retainOnDelete: true, ...options },
      "mrdata",
      "VertexModelVersion",
    );
  }
}
