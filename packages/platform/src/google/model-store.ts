import { Storage } from "@google-cloud/storage";
import { assertPublishable, isModelFile, isModelVersion, type ModelStore } from "../model-store.ts";

/** Written last: a version without it is still being written, and readers do not see it. */
const COMPLETE = ".complete";

const codeOf = (error: unknown): unknown => (error instanceof Error && "code" in error ? error.code : null);

/** Model versions in a bucket, each under its name as prefix. `apiEndpoint` is for test servers. */
export function openGoogleModels({
  bucket,
  apiEndpoint,
}: {
  readonly bucket: string;
  readonly apiEndpoint?: string;
}): ModelStore {
  const storage = new Storage(apiEndpoint === undefined ? {} : { apiEndpoint, projectId: "test" });
  const files = storage.bucket(bucket);
  const isComplete = async (version: string): Promise<boolean> =>
    (await files.file(`${version}/${COMPLETE}`).exists())[0];
  return {
    async versions() {
      const [found] = await files.getFiles({ matchGlob: `*/${COMPLETE}` });
      return found
        .map((file) => file.name.split("/")[0] ?? "")
        .filter(isModelVersion)
        .sort();
    },
    async read(version, name) {
      if (!isModelVersion(version) || !isModelFile(name) || !(await isComplete(version))) return null;
      try {
        return (await files.file(`${version}/${name}`).download())[0];
      } catch (error) {
        if (codeOf(error) === 404) return null;
        throw error;
      }
    },
    async publish(version, contents) {
      assertPublishable(version, contents);
      if (await isComplete(version))
        throw new Error(`model version ${version} exists already: versions are never overwritten`);
      for (const [name, bytes] of contents)
        await files.file(`${version}/${name}`).save(Buffer.from(bytes), { resumable: false });
      await files
        .file(`${version}/${COMPLETE}`)
        .save("", { resumable: false, preconditionOpts: { ifGenerationMatch: 0 } });
    },
  };
}
