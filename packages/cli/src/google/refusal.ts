import { codeOf, messageOf } from "@mrdata/base";
import type { Target } from "@mrdata/runtime";

export type OnGoogleCloud = Extract<Target, { readonly kind: "gcp" }>;

/** gRPC status codes for what a person can fix (https://grpc.github.io/grpc/core/md_doc_statuscodes.html). */
const NOT_FOUND = 5;
const PERMISSION_DENIED = 7;
const UNAUTHENTICATED = 16;

/** What the token endpoint reports for an expired or revoked log-in, and Google's client for invalid keys. */
const LOG_IN_INVALID =
  /invalid_(grant|rapt|client)|unauthorized_client|reauth|could not (load|refresh)|private key|DECODER/i;

export const LOG_IN = "gcloud auth application-default login";

/** Google's message on one line, without the leading status code and name. */
const googleMessage = (error: unknown): string =>
  messageOf(error)
    .replace(/^\d+ [A-Z_]+: /, "")
    .replace(/\s+/g, " ")
    .replace(/[.:\s]+$/, "")
    .slice(0, 300);

/**
 * The message for a call that Google Cloud refused: the account, the project, what is missing, and the gcloud command that fixes it. Null
 * for an error that neither a log-in nor a grant would fix. `who` as in LogIn.
 */
export function refusalOf(error: unknown, target: OnGoogleCloud, who: string): string | null {
  const { project, database } = target;
  const code = codeOf(error);
  const text = googleMessage(error);
  if (code === UNAUTHENTICATED || LOG_IN_INVALID.test(text))
    return `the log-in of ${who} for project ${project} is no longer good (${text}). Run '${LOG_IN}'`;
  if (code === PERMISSION_DENIED && /has not been used|is disabled|SERVICE_DISABLED/.test(text))
    return `project ${project} has no Firestore switched on (asked by ${who}). Run 'gcloud services enable firestore.googleapis.com --project ${project}', or name another project with --target gcp:PROJECT/DATABASE`;
  if (code === PERMISSION_DENIED)
    return `${who} may not use database ${database} of project ${project}. Whoever owns the project runs 'gcloud projects add-iam-policy-binding ${project} --member=${memberOf(who)} --role=roles/datastore.user'`;
  if (code === NOT_FOUND)
    return `project ${project} has no database ${database} (asked by ${who}). 'gcloud firestore databases list --project ${project}' says which there are`;
  return null;
}

const memberOf = (who: string): string =>
  /gserviceaccount\.com$/.test(who)
    ? `serviceAccount:${who}`
    : /^\S+@\S+$/.test(who)
      ? `user:${who}`
      : "user:YOU@…";

/**
 * The message for a refusal by any Google service in the middle of a command, where the target is not known. Null for any other error.
 * Cloud Storage refuses with HTTP 401 or 403 and a list of `errors`.
 */
export function lateRefusal(error: unknown): string | null {
  const code = codeOf(error);
  const byStorage = error instanceof Error && "errors" in error && (code === 401 || code === 403);
  const byGrpc =
    (code === PERMISSION_DENIED || code === UNAUTHENTICATED) && /^\d+ [A-Z_]+: /.test(messageOf(error));
  if (!byStorage && !byGrpc) return null;
  return `Google Cloud refused: ${googleMessage(error)}. Who is logged in may not do that: 'mrdata doctor --google --target gcp:PROJECT/DATABASE' says who that is; '${LOG_IN}' logs in as another`;
}
