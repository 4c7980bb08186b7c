import { type FileMetadata, Storage } from "@google-cloud/storage";
import { codeOf } from "@mrdata/base";
import type { HistoryFile, HistoryFiles } from "../history-files.ts";

export type GoogleHistoryOptions = {
  readonly bucket: string;
  /** `http://host:port` of a test server; requests to it carry no credentials. */
  readonly apiEndpoint?: string;
};

/**
 * The history bucket of Cloud Storage. A given generation is read even if the object has been overwritten meanwhile
 * (https://cloud.google.com/storage/docs/metadata#generation-number).
 */
export function openGoogleHistory({ bucket, apiEndpoint }: GoogleHistoryOptions): HistoryFiles {
  // Unauthenticated against a test server, where no project can be detected.
  const endpoint = apiEndpoint === undefined ? {} : { apiEndpoint, projectId: "test" };
  const storage = new Storage({ ...endpoint, retryOptions: { maxRetries: 4, totalTimeout: 60 } });
  return {
    async list() {
      const [found] = await storage.bucket(bucket).getFiles();
      return found
        .filter(({ name }) => !name.endsWith("/"))
        .map(({ name, metadata }) => fileOf(name, metadata))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    async read({ name, generation }) {
      try {
        return (await storage.bucket(bucket).file(name, { generation }).download())[0];
      } catch (error) {
        if (codeOf(error) === 404) return null;
        throw error;
      }
    },
  };
}

function fileOf(name: string, { generation, size, owner, metadata }: FileMetadata): HistoryFile {
  const said = metadata?.["written-by"];
  return {
    name,
    generation: String(generation),
    bytes: Number(size),
    writtenBy: owner?.entity ?? (typeof said === "string" && said !== "" ? said : null),
  };
}
