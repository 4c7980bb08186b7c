import { GoogleAuth } from "google-auth-library";

/**
 * Whether this machine has Application Default Credentials (https://cloud.google.com/docs/authentication/application-default-credentials):
 * of GOOGLE_APPLICATION_CREDENTIALS, of `gcloud auth application-default login`, or of the machine itself.
 */
export async function hasCredentials(): Promise<boolean> {
  try {
    await new GoogleAuth().getApplicationDefault();
    return true;
  } catch (error) {
    // Credentials that are there and broken are told by whoever uses them.
    return !(error instanceof Error && error.message.includes("Could not load the default credentials"));
  }
}
