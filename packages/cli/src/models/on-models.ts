import { ModelRefusedError, type ModelVersion, readVersion } from "@mrdata/learning";
import { isModelVersion, type Ledger, type ModelStore } from "@mrdata/platform";
import { openWithDeployedConfig } from "../deployed-config.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { chooseTarget, openTarget, type TargetOptions } from "../target.ts";

export type ModelsOptions = TargetOptions & { readonly json: boolean };

export type OpenedModels = {
  readonly ledger: Ledger;
  readonly models: ModelStore;
  /** The hold window that the functions work with, milliseconds. */
  readonly windowMs: number;
};

/** Runs `work` with the ledger and model store of a command's target, then closes the ledger. */
export async function onModels<T>(
  options: ModelsOptions,
  env: NodeJS.ProcessEnv,
  work: (opened: OpenedModels) => Promise<T>,
  open = openTarget,
): Promise<T> {
  const { ledger, backend, windowMs } = await openWithDeployedConfig(chooseTarget(options, env), env, open);
  try {
    return await work({ ledger, models: await backend.models(), windowMs });
  } finally {
    await ledger.close();
  }
}

/** Reads a published version. Throws CommandError if there is no such version or it cannot be used. */
export async function publishedVersion(name: string, models: ModelStore): Promise<ModelVersion> {
  if (!(await models.versions()).includes(name))
    throw new CommandError(`no model version ${name} is published: see 'mrdata models list'`);
  return readableVersion(name, (file) => models.read(name, file));
}

/** Reads a version. Throws CommandError, naming it `name`, if this program cannot use it. */
export async function readableVersion(
  name: string,
  read: Parameters<typeof readVersion>[0],
): Promise<ModelVersion> {
  try {
    return await readVersion(read);
  } catch (error) {
    if (error instanceof ModelRefusedError)
      throw new CommandError(`${name} cannot be used: ${error.message}`);
    throw error;
  }
}

/** Throws CommandError for a version that the running functions would refuse, paging everything. `windowMs`: milliseconds. */
export function assertFits(name: string, { window: trained }: ModelVersion["card"], windowMs: number): void {
  if (trained * 1000 !== windowMs)
    throw new CommandError(
      `${name} was trained for a window of ${trained} s, and the functions work with ${windowMs / 1000} s (MRDATA_WINDOW): they would refuse it and page everything`,
    );
}

/** Throws CommandError for an invalid version name. */
export function assertVersionName(name: string): void {
  if (!isModelVersion(name))
    throw new CommandError(`'${name}' is not a model version: expected v1, v2 …`, exitCodes.usage);
}
