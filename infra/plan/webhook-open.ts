/** How long the look may take, milliseconds. */
const TIMEOUT_MS = 10_000;

/**
 * What to do where Google lets nobody in to `receive`; null where it does, or where it could not be found out. Without a signature
 * receive itself answers anything but 403, which is the answer of the invoker check before it; after three of these PagerDuty
 * is silent for a day. Cloud Functions owns the service, and each of its deployments may take back that the check is off
 * (https://github.com/hashicorp/terraform-provider-google/issues/23360).
 */
export async function sentenceIfClosed(
  url: string,
  command: string,
  ask: typeof fetch = fetch,
): Promise<string | null> {
  try {
    const { status } = await ask(url, { redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
    return status === 403
      ? `Google lets nobody call ${url}, so PagerDuty's webhooks are refused, and after three it sends none for a day: ${command}`
      : null;
  } catch {
    return null;
  }
}

/** What lets everybody in without a grant to everybody; the signature guards receive either way. */
export const openCommand = (service: string, region: string, project: string): string =>
  `gcloud run services update ${service} --region ${region} --project ${project} --no-invoker-iam-check`;
