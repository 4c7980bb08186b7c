import type { ModelStore } from "@mrdata/platform";

/** Publishes the files as the next version and returns its name. */
export async function publishNext(
  models: ModelStore,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<string> {
  const numbers = (await models.versions()).map((version) => Number(version.slice(1)));
  const version = `v${Math.max(0, ...numbers) + 1}`;
  await models.publish(version, files);
  return version;
}
