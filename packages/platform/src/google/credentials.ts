import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { GoogleAuth } from "google-auth-library";
import { z } from "zod";

/** The machine's identity at Google Cloud. */
export type LogIn =
  | { readonly kind: "none" }
  /** Credentials exist but cannot be used; `why` names the file. */
  | { readonly kind: "broken"; readonly why: string }
  /** `who`: a service account's address, or the file with a person's log-in. */
  | { readonly kind: "there"; readonly who: string };

const credentialFile = z.object({ type: z.string(), client_email: z.string().nullish() });

/**
 * The Application Default Credentials of this machine (https://cloud.google.com/docs/authentication/application-default-credentials):
 * from GOOGLE_APPLICATION_CREDENTIALS, `gcloud auth application-default login`, or the machine's service account. The file is
 * read here first, because Google's client throws an uncatchable error for one that is not JSON. Never rejects.
 */
export async function logInHere(env: NodeJS.ProcessEnv = process.env): Promise<LogIn> {
  const named = env.GOOGLE_APPLICATION_CREDENTIALS;
  const file = named || keptByGcloud(env);
  if (named || existsSync(file)) return inFile(file, Boolean(named));
  try {
    await new GoogleAuth().getApplicationDefault();
    return { kind: "there", who: "the service account of this machine" };
  } catch {
    return { kind: "none" };
  }
}

function inFile(file: string, isNamed: boolean): LogIn {
  const by = isNamed ? "GOOGLE_APPLICATION_CREDENTIALS names" : "gcloud keeps the log-in in";
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
    return { kind: "broken", why: `${by} ${file}, which cannot be read${code}` };
  }
  const read = credentialFile.safeParse(jsonOrNull(text));
  if (!read.success) return { kind: "broken", why: `${by} ${file}, which holds no credentials of Google's` };
  const { type, client_email: account } = read.data;
  if (account) return { kind: "there", who: account };
  return {
    kind: "there",
    who: type === "authorized_user" ? `the user logged in by ${file}` : `'${type}' of ${file}`,
  };
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Where `gcloud auth application-default login` writes (https://cloud.google.com/sdk/docs/configurations). */
function keptByGcloud(env: NodeJS.ProcessEnv): string {
  const folder =
    env.CLOUDSDK_CONFIG ||
    (process.platform === "win32" && env.APPDATA
      ? join(env.APPDATA, "gcloud")
      : join(env.HOME || homedir(), ".config", "gcloud"));
  return join(folder, "application_default_credentials.json");
}
