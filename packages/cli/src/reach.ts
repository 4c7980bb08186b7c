import { setTimeout as sleep } from "node:timers/promises";
import { type Ledger, UnreadableDocumentError } from "@mrdata/platform";
import type { Target } from "@mrdata/runtime";
import { CommandError, exitCodes } from "./exit-codes.ts";

/**
 * So long a command waits for credentials and for the first answer together, milliseconds: with what it takes to start and to
 * end, that is ten seconds. Google's clients would try for a minute and longer.
 */
const PATIENCE = 7_500;

/** A command could not reach what it works on. Nothing was read, and nothing was changed. */
export class UnreachableError extends CommandError {}

type OnGoogleCloud = Extract<Target, { readonly kind: "gcp" }>;

/**
 * The ledger of a target on Google Cloud once it has answered. Throws UnreachableError within ten seconds, saying what could not
 * be reached and why; where nobody is logged in, with the code of what is not configured.
 */
export async function reached(
  open: () => Promise<Ledger>,
  target: OnGoogleCloud,
  env: NodeJS.ProcessEnv,
): Promise<Ledger> {
  const until = Date.now() + PATIENCE;
  const name = `Firestore (database ${target.database} of project ${target.project})`;
  if (!env.FIRESTORE_EMULATOR_HOST && !(await isLoggedIn(until)))
    throw new UnreachableError(
      `${name} was not asked: nobody is logged in to Google Cloud here. Run 'gcloud auth application-default login', or set GOOGLE_APPLICATION_CREDENTIALS`,
      exitCodes.notConfigured,
    );
  const ledger = await open();
  const reason = await reasonOfSilence(ledger, env.FIRESTORE_EMULATOR_HOST ?? "Google Cloud", until);
  if (reason === null) return ledger;
  // What it still tries must not keep the process; what that ends with is nobody's concern.
  void ledger.close().catch(() => {});
  throw new UnreachableError(`${name} could not be reached: ${reason}. Nothing was read or changed`);
}

/** False only where it is known: whoever cannot find out in time is told by the first call. */
async function isLoggedIn(until: number): Promise<boolean> {
  const { hasCredentials } = await import("@mrdata/platform/google/credentials");
  return inTime(hasCredentials(), true, until);
}

/** Why the ledger does not answer; null where it does. */
async function reasonOfSilence(ledger: Ledger, host: string, until: number): Promise<string | null> {
  const asked = ledger.deployment().then(
    () => null,
    (error: unknown) => {
      // It answered: what is wrong with a document is told by whoever needs it.
      if (error instanceof UnreadableDocumentError) return null;
      return error instanceof Error ? error.message : String(error);
    },
  );
  return inTime(asked, `${host} gave no answer within ${PATIENCE / 1_000} s`, until);
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
