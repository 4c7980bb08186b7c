import { setTimeout as sleep } from "node:timers/promises";
import { type Ledger, UnreadableDocumentError } from "@mrdata/platform";
import type { LogIn } from "@mrdata/platform/google/credentials";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { LOG_IN, type OnGoogleCloud, refusalOf } from "./google/refusal.ts";

/**
 * So long a command waits for credentials and for the first answer together, milliseconds: with what it takes to start and to
 * end, that is ten seconds. Google's clients would try for a minute and longer.
 */
const PATIENCE = 7_500;

/** A command could not reach what it works on. Nothing was read, and nothing was changed. */
export class UnreachableError extends CommandError {}

/**
 * The ledger of a target on Google Cloud once it has answered. Throws UnreachableError within ten seconds, saying what could not
 * be reached and why; where a log-in or a grant is missing, with the code of what is not configured and the line that mends it.
 */
export async function reached(
  open: () => Promise<Ledger>,
  target: OnGoogleCloud,
  env: NodeJS.ProcessEnv,
): Promise<Ledger> {
  const until = Date.now() + PATIENCE;
  const name = `Firestore (database ${target.database} of project ${target.project})`;
  const who = env.FIRESTORE_EMULATOR_HOST ? "the emulator's user" : await whoIsLoggedIn(name, until);
  const ledger = await open();
  const failure = await failureToAnswer(ledger, env.FIRESTORE_EMULATOR_HOST ?? "Google Cloud", until);
  if (failure === null) return ledger;
  // What it still tries must not keep the process; what that ends with is nobody's concern.
  void ledger.close().catch(() => {});
  const refusal = refusalOf(failure, target, who);
  if (refusal !== null)
    throw new UnreachableError(
      `${name} refused: ${refusal}. Nothing was read or changed`,
      exitCodes.notConfigured,
    );
  throw new UnreachableError(`${name} could not be reached: ${failure.message}. Nothing was read or changed`);
}

/** Throws where it is known that nobody is: whoever cannot find out in time is told by the first call. */
async function whoIsLoggedIn(name: string, until: number): Promise<string> {
  const { logInHere } = await import("@mrdata/platform/google/credentials");
  const late: LogIn = { kind: "there", who: "whoever is logged in here" };
  const login = await inTime(logInHere(), late, until);
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

/** Why the ledger does not answer; null where it does. */
async function failureToAnswer(ledger: Ledger, host: string, until: number): Promise<Error | null> {
  const asked = ledger.deployment().then(
    () => null,
    (error: unknown) => {
      // It answered: what is wrong with a document is told by whoever needs it.
      if (error instanceof UnreadableDocumentError) return null;
      return error instanceof Error ? error : new Error(String(error));
    },
  );
  return inTime(asked, new Error(`${host} gave no answer within ${PATIENCE / 1_000} s`), until);
}

async function inTime<T>(work: Promise<T>, late: T, until: number): Promise<T> {
  const ended = new AbortController();
  const tooLate = sleep(Math.max(0, until - Date.now()), late, { signal: ended.signal });
  tooLate.catch(() => {});
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    ended.abort();
  }
}
