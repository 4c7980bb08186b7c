import { setTimeout as sleep } from "node:timers/promises";
import { type Ledger, UnreadableDocumentError } from "@mrdata/platform";
import type { LogIn } from "@mrdata/platform/google/credentials";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { LOG_IN, type OnGoogleCloud, refusalOf } from "./google/refusal.ts";

/**
 * Time limit for credentials and the first response together: including start and exit, a command takes ten seconds. Google's clients
 * would retry for a minute and longer.
 */
const CONNECT_TIMEOUT_MS = 7_500;

/** A command could not reach its target. Nothing was read or changed. */
export class UnreachableError extends CommandError {}

/**
 * Opens the ledger of a target on Google Cloud and waits for its first response. Throws UnreachableError within ten seconds, with what
 * could not be reached and why; if a log-in or a grant is missing, with the exit code `notConfigured` and the command that fixes it.
 */
export async function openReachableLedger(
  open: () => Promise<Ledger>,
  target: OnGoogleCloud,
  env: NodeJS.ProcessEnv,
): Promise<Ledger> {
  const until = Date.now() + CONNECT_TIMEOUT_MS;
  const name = `Firestore (database ${target.database} of project ${target.project})`;
  const who = env.FIRESTORE_EMULATOR_HOST ? "the emulator's user" : await whoIsLoggedIn(name, until);
  const ledger = await open();
  const failure = await connectionFailure(ledger, env.FIRESTORE_EMULATOR_HOST ?? "Google Cloud", until);
  if (failure === null) return ledger;
  // Pending retries must not keep the process alive; their result does not matter.
  void ledger.close().catch(() => {});
  const refusal = refusalOf(failure, target, who);
  if (refusal !== null)
    throw new UnreachableError(
      `${name} refused: ${refusal}. Nothing was read or changed`,
      exitCodes.notConfigured,
    );
  throw new UnreachableError(`${name} could not be reached: ${failure.message}. Nothing was read or changed`);
}

/** Throws if nobody is logged in. If that cannot be determined in time, the first call will show it. */
async function whoIsLoggedIn(name: string, until: number): Promise<string> {
  const { logInHere } = await import("@mrdata/platform/google/credentials");
  const late: LogIn = { kind: "there", who: "whoever is logged in here" };
  const login = await withDeadline(logInHere(), late, until);
  if (login.kind === "there") return login.who;
  const why =
    login.kind === "none"
      ? "nobody is logged in to Google Cloud here"
      : `the credentials here cannot be used: ${login.why}`;
  throw new UnreachableError(
    `${name} was not asked: ${why}. Run '${LOG_IN}', or set GOOGLE_APPLICATION_CREDENTIALS`,
    exitCodes.notConfigured,
  );
}

/** Why the ledger does not respond; null if it does. */
async function connectionFailure(ledger: Ledger, host: string, until: number): Promise<Error | null> {
  const asked = ledger.deployment().then(
    () => null,
    (error: unknown) => {
      // It responded: an unreadable document is reported by whatever needs it.
      if (error instanceof UnreadableDocumentError) return null;
      return error instanceof Error ? error : new Error(String(error));
    },
  );
  return withDeadline(
    asked,
    new Error(`${host} gave no answer within ${CONNECT_TIMEOUT_MS / 1_000} s`),
    until,
  );
}

async function withDeadline<T>(work: Promise<T>, late: T, until: number): Promise<T> {
  const ended = new AbortController();
  const timeout = sleep(Math.max(0, until - Date.now()), late, { signal: ended.signal });
  timeout.catch(() => {});
  try {
    return await Promise.race([work, timeout]);
  } finally {
    ended.abort();
  }
}
