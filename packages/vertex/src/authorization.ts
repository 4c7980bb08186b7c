import { GoogleAuth } from "google-auth-library";

/** Gives the `Authorization` header of a call. */
export type Authorization = () => Promise<string>;

const SCOPE = "https://www.googleapis.com/auth/cloud-platform";

/**
 * Whoever runs the program: `GOOGLE_OAUTH_ACCESS_TOKEN` where it is set (as Pulumi's gcp provider takes it), else the
 * application default credentials, workload identity federation included. Throws a sentence when there are none.
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
