import { logInHere } from "@mrdata/platform/google/credentials";
import { openGoogleStore } from "@mrdata/platform/google/document-store";
import type { GooglePorts } from "./check-google.ts";
import type { OnGoogleCloud } from "./refusal.ts";

/** Longer than a call takes, and the three of them shorter than ten seconds, milliseconds. */
const TIMEOUT = 3_500;

/**
 * Google Cloud as this machine sees it. Whether it may change the settings is asked by a change that cannot happen: of a
 * document that does not exist, as it was at a moment at which it did not exist either. Firestore refuses who may not
 * before it looks at that (https://cloud.google.com/firestore/docs/reference/rpc/google.firestore.v1#precondition).
 */
export function askGoogle(
  { project, database }: OnGoogleCloud,
  env: NodeJS.ProcessEnv,
): GooglePorts & { close(): Promise<void> } {
  const opened: ReturnType<typeof openGoogleStore>[] = [];
  const store = () => {
    const one = opened[0] ?? openGoogleStore({ project, database, timeout: TIMEOUT });
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
