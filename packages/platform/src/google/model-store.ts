import { type File, Storage } from "@google-cloud/storage";
import { codeOf, memo } from "@mrdata/base";
import { assertPublishable, isModelFile, isModelVersion, type ModelStore } from "../model-store.ts";
import { COMPLETE, isIntact, type ModelManifest, manifestOf, writeManifest } from "./model-manifest.ts";
import { readManifest } from "./read-manifest.ts";

export type GoogleModelsOptions = {
  readonly bucket: string;
  /** `http://host:port` of a test server; requests to it carry no credentials. */
  readonly apiEndpoint?: string;
};

/**
 * Model versions in a bucket of Cloud Storage, each a folder `v12/` whose `.complete` lists its files. Objects are
 * written under preconditions (https://cloud.google.com/storage/docs/request-preconditions), so that of two
 * publishers of one version one fails; the leftovers of an interrupted one are overwritten by the next.
 */
export function openGoogleModels({ bucket, apiEndpoint }: GoogleModelsOptions): ModelStore {
  // Unauthenticated against a test server, where no project can be detected.
  const endpoint = apiEndpoint === undefined ? {} : { apiEndpoint, projectId: "test" };
  const storage = new Storage({ ...endpoint, retryOptions: { maxRetries: 4, totalTimeout: 60 } });
  const objects = storage.bucket(bucket);

  async function readManifestOf(version: string): Promise<ModelManifest | null> {
    const object = `${version}/${COMPLETE}`;
    const bytes = await contentOf(objects.file(object));
    return bytes === null ? null : readManifest(bytes.toString(), `gs://${bucket}/${object}`);
  }
  /** Caches hits only: a version never changes, but a missing one may appear. */
  const manifestIn = memo(readManifestOf, {
    ttlMs: Number.POSITIVE_INFINITY,
    now: Date.now,
    keyOf: (version) => version,
    maxKeys: Number.POSITIVE_INFINITY,
    keeps: (manifest) => manifest !== null,
  });

  return {
    async versions() {
      const [found] = await objects.getFiles({ matchGlob: `*/${COMPLETE}` });
      return found.flatMap(({ name }) => {
        const [version = "", file] = name.split("/");
        return isModelVersion(version) && file === COMPLETE ? [version] : [];
      });
    },
    async read(version, name) {
      if (!isModelVersion(version) || !isModelFile(name)) return null;
      const manifest = await manifestIn(version);
      if (manifest?.files[name] === undefined) return null;
      const bytes = await contentOf(objects.file(`${version}/${name}`));
      if (bytes !== null && isIntact(manifest, name, bytes)) return bytes;
      throw new Error(
        `gs://${bucket}/${version}/${name} is ${bytes === null ? "gone" : "not what was published"}: publish a new version, or move the alias to another`,
      );
    },
    async remove(version) {
      if (!isModelVersion(version)) return;
      manifestIn.forget(version);
      // The manifest is deleted first, so that readers see all of the version or nothing.
      await objects.file(`${version}/${COMPLETE}`).delete({ ignoreNotFound: true });
      await objects.deleteFiles({ prefix: `${version}/`, force: true });
    },
    async publish(version, files) {
      assertPublishable(version, files);
      const [found] = await objects.getFiles({ prefix: `${version}/` });
      const generations = new Map(found.map(({ name, metadata }) => [name, metadata.generation ?? 0]));
      if (generations.has(`${version}/${COMPLETE}`)) throw exists(version);
      for (const [name, bytes] of files) {
        const object = `${version}/${name}`;
        const written = await writeOver(objects.file(object), bytes, generations.get(object) ?? 0);
        if (!written) throw new Error(`model version ${version} is being published by another just now`);
      }
      const manifest = manifestOf(files);
      const complete = objects.file(`${version}/${COMPLETE}`);
      if (await writeOver(complete, Buffer.from(writeManifest(manifest)), 0)) return;
      // If an answer is lost, the client retries and then finds its own work.
      const winner = await manifestIn(version);
      if (winner?.publication !== manifest.publication) throw exists(version);
    },
  };
}

const exists = (version: string) =>
  new Error(`model version ${version} exists already: versions are never overwritten`);

async function contentOf(file: File): Promise<Buffer | null> {
  try {
    return (await file.download())[0];
  } catch (error) {
    if (codeOf(error) === 404) return null;
    throw error;
  }
}

/** False if the object no longer has this generation; 0 means that it must not exist. */
async function writeOver(file: File, bytes: Uint8Array, generation: number | string): Promise<boolean> {
  try {
    await file.save(Buffer.from(bytes), {
      resumable: false,
      preconditionOpts: { ifGenerationMatch: generation },
    });
    return true;
  } catch (error) {
    if (codeOf(error) === 412) return false;
    throw error;
  }
}
