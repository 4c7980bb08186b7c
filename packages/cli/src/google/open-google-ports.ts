import { logInHere } from "@mrdata/platform/google/credentials";
import { openGoogleStore } from "@mrdata/platform/google/document-store";
import type { GooglePorts } from "./check-google.ts";
import type { OnGoogleCloud } from "./refusal.ts";

/** Longer than a call takes; three of them stay under ten seconds. */
const TIMEOUT_MS = 3_500;

/**
 * Google Cloud as seen from this machine. Write access is probed by a write that cannot succeed: its precondition is a revision of a
 * document that has never existed. Firestore checks permissions before preconditions
 * (https://cloud.google.com/firestore/docs/reference/rpc/google.firestore.v1#precondition).
 */
export function openGooglePorts(
  { project, database }: OnGoogleCloud,
  env: NodeJS.ProcessEnv,
): GooglePorts & { close(): Promise<void> } {
  const opened: ReturnType<typeof openGoogleStore>[] = [];
  const store = () => {
    const one = opened[0] ?? openGoogleStore({ project, database, timeout: TIMEOUT_MS });
    if (opened.length === 0) opened.push(one);
    return one;
  };
  return {
    logIn: async () =>
      env.FIRESTORE_EMULATOR_HOST ? { kind: "there", who: "the emulator's user" } : logInHere(),
    read: () => store().get("settings/bot"),
    change: () => store().replace([{ path: "settings/may-i-write", data: { asked: true }, revision: "1.0" }]),
    async close() {
      for (const one of opened) await one.close();
    },
  };
}
