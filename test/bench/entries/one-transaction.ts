import { Firestore } from "@google-cloud/firestore";
import { readPushEnvelope } from "@mrdata/platform";
import type { FrameworkRequest, FrameworkResponse } from "@mrdata/runtime";

const { BENCH_PROJECT = "", BENCH_COLLECTION = "" } = process.env;
const firestore = new Firestore({ projectId: BENCH_PROJECT, databaseId: "(default)" });

/** A push handler as anybody would write it: one Firestore transaction that keeps the message, then 204. */
export const oneTransaction = async (
  request: FrameworkRequest,
  response: FrameworkResponse,
): Promise<void> => {
  const { messageId } = readPushEnvelope(request.body);
  const document = firestore.doc(`${BENCH_COLLECTION}/${messageId}`);
  await firestore.runTransaction(async (transaction) => {
    const known = await transaction.get(document);
    if (!known.exists) transaction.set(document, { messageId });
  });
  response.statusCode = 204;
  response.end("");
};
