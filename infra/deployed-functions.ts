import type { Manifest } from "@mrdata/functions/manifests";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { answerOf } from "./ask-google.ts";
import { buildHint } from "./plan/builds.ts";
import { ABSENT, type Deployed } from "./plan/deployed.ts";
import type { Names } from "./plan/names.ts";
import type { Settings } from "./settings/settings.ts";

/** The functions that exist at Google, by name. Warns of one that is FAILED: this `up` replaces it. */
export async function deployedFunctions(
  settings: Settings,
  names: Names,
  manifests: readonly Manifest[],
): Promise<ReadonlyMap<string, Deployed>> {
  const asked = manifests.map(
    async ({ name }) => [name, await deployedOf(settings, names.service(name))] as const,
  );
  const all = new Map(await Promise.all(asked));
  const failed = [...all].filter(([, { state }]) => state === "failed").map(([name]) => name);
  if (failed.length > 0)
    await pulumi.log.warn(
      `${failed.join(", ")}: FAILED at Google, so deleted and made again. ${buildHint(settings.region)}`,
    );
  return all;
}

/** What there is of one now, by its name at Google. */
export async function deployedOf(
  { project, region }: Pick<Settings, "project" | "region">,
  name: string,
): Promise<Deployed> {
  const answer = await answerOf(gcp.cloudfunctionsv2.getFunction({ project, location: region, name }));
  if ("refused" in answer)
    return /404|not found/i.test(answer.refused) ? ABSENT : { ...ABSENT, state: "unknown" };
  const { state, description, serviceConfigs } = answer.said;
  if (!state) return ABSENT;
  return {
    state: state === "FAILED" ? "failed" : "there",
    description: description ?? "",
    secrets: (serviceConfigs ?? []).flatMap(({ secretEnvironmentVariables }) =>
      (secretEnvironmentVariables ?? []).map(({ key }) => key),
    ),
  };
}
