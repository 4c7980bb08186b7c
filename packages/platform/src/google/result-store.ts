import { Storage } from "@google-cloud/storage";
import { codeOf } from "@mrdata/base";
import { assertResultName, type ResultStore } from "../result-store.ts";
import { objectOfResult } from "./results-prefix.ts";

export type GoogleResultsOptions = {
  readonly bucket: string;
  /** `http://host:port` of a test server; requests to it carry no credentials. */
  readonly apiEndpoint?: string;
};

/**
 * Results in a bucket of Cloud Storage, each written on the condition that it does not exist
 * (https://cloud.google.com/storage/docs/request-preconditions).
 */
export function openGoogleResults({ bucket, apiEndpoint }: GoogleResultsOptions): ResultStore {
  // Unauthenticated against a test server, where no project can be detected.
  const endpoint = apiEndpoint === undefined ? {} : { apiEndpoint, projectId: "test" };
  const storage = new Storage({ ...endpoint, retryOptions: { maxRetries: 4, totalTimeout: 60 } });
  const fileOf = (name: string) => {
    assertResultName(name);
    return storage.bucket(bucket).file(objectOfResult(name));
  };
  return {
    async read(name) {
      try {
        return (await fileOf(name).download())[0];
      } catch (error) {
        if (codeOf(error) === 404) return null;
        throw error;
      }
    },
    async write(name, bytes) {
      try {
        await fileOf(name).save(Buffer.from(bytes), {
          resumable: false,
          preconditionOpts: { ifGenerationMatch: 0 },
        });
        return true;
      } catch (error) {
        if (codeOf(error) === 412) return false;
        throw error;
      }
    },
  };
}
