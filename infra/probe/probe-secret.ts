import * as pulumi from "@pulumi/pulumi";

type Outputs = { readonly secret: string };

/** Kept as source text in the state and run in a process of Pulumi's, so it holds nothing but one call. */
class SecretProvider implements pulumi.dynamic.ResourceProvider<Record<string, never>, Outputs> {
  /** What was made once is kept, whatever becomes of this text: `pulumi up --replace URN` makes another. */
  async diff(): Promise<pulumi.dynamic.DiffResult> {
    return { changes: false };
  }

  async create(): Promise<pulumi.dynamic.CreateResult<Outputs>> {
    const { randomBytes } = await import("node:crypto");
    return { id: "probe-secret", outs: { secret: randomBytes(32).toString("base64url") } };
  }
}

/** What the probe signs its events with: 32 random bytes, made once and kept as ciphertext in the state. */
export class ProbeSecret extends pulumi.dynamic.Resource {
  declare readonly secret: pulumi.Output<string>;

  constructor(name: string, options?: pulumi.CustomResourceOptions) {
    super(
      new SecretProvider(),
      name,
      { secret: undefined },
      { ...options, additionalSecretOutputs: ["secret"] },
      "mrdata",
      "ProbeSecret",
    );
  }
}
