import { GoogleAuth } from "google-auth-library";

/** Gives the `Authorization` header of a call. */
export type Authorization = () => Promise<string>;

const SCOPE = "https://www.googleapis.com/auth/cloud-platform";

/**
 * The credentials of the current user: `GOOGLE_OAUTH_ACCESS_TOKEN` if it is set (as in Pulumi's gcp provider), else the
 * application default credentials, including workload identity federation. Throws an Error for people if there are none.
 */
export function googleAuthorization(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Authorization {
  const given = env.GOOGLE_OAUTH_ACCESS_TOKEN;
  if (given !== undefined && given !== "") return async () => `Bearer ${given}`;
  const auth = new GoogleAuth({ scopes: [SCOPE] });
  return async () => {
    let token: string | null | undefined;
    try {
      token = await auth.getAccessToken();
    } catch {
      token = null;
    }
    if (!token)
      throw new Error(
        "there are no Google credentials for Vertex AI: run 'gcloud auth application-default login', or set GOOGLE_OAUTH_ACCESS_TOKEN",
      );
    return `Bearer ${token}`;
  };
}
