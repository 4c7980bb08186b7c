import { noContent, toFramework } from "@mrdata/functions";
import { readPushEnvelope } from "@mrdata/platform";
import { openGoogleStore } from "@mrdata/platform/google/document-store";

/** The least that a function of the pipeline could do with a message: one Firestore transaction that keeps it. */
export const oneTransaction = toFramework(async () => {
  const { BENCH_PROJECT = "", BENCH_COLLECTION = "" } = process.env;
  const store = openGoogleStore({ project: BENCH_PROJECT, database: "(default)" });
  return async (request) => {
    const { messageId } = readPushEnvelope(JSON.parse(Buffer.from(await request.bytes()).toString()));
    await store.transaction(async (transaction) => {
      const path = `${BENCH_COLLECTION}/${messageId}`;
      if ((await transaction.get(path)) === null) transaction.set(path, { messageId });
    });
    return noContent;
  };
});
