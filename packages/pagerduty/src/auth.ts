import { PagerDutyError } from "./errors.ts";
import type { Send } from "./send.ts";

export type Auth =
  | { readonly kind: "token"; readonly token: () => Promise<string> }
  | {
      readonly kind: "oauth";
      readonly clientId: string;
      readonly clientSecret: () => Promise<string>;
      readonly scopes: readonly string[];
      readonly region: "us" | "eu";
      readonly subdomain: string;
      readonly identityUrl?: string;
    };

/** Provides the `Authorization` header; `renew` drops a refused token, and returns whether another can be requested. */
export type Authorizer = { header(): Promise<string>; renew(): boolean };

/** This much of a scoped app token's day is left unused (PagerDuty developer docs, OAuth: client credentials). */
const EXPIRY_MARGIN_MS = 60_000;

/**
 * The `Authorization` header for an account's key or an OAuth token, which is requested when needed and again before it
 * expires (PagerDuty developer docs, OAuth: client credentials). `now`: milliseconds since the epoch. `header` rejects
 * with PagerDutyError where no token can be obtained.
 */
export function authorizer(auth: Auth, now: () => number, send: Send): Authorizer {
  if (auth.kind === "token")
    return { header: async () => `Token token=${await auth.token()}`, renew: () => false };
  let cached: { readonly header: string; readonly until: number } | null = null;
  return {
    async header() {
      if (cached === null || cached.until <= now()) cached = await requestToken(auth, now, send);
      return cached.header;
    },
    renew() {
      cached = null;
      return true;
    },
  };
}

async function requestToken(auth: Auth & { kind: "oauth" }, now: () => number, send: Send) {
  const response = await send(auth.identityUrl ?? "https://identity.pagerduty.com/oauth/token", {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: auth.clientId,
      client_secret: await auth.clientSecret(),
      scope: [`as_account-${auth.region}.${auth.subdomain}`, ...auth.scopes].join(" "),
    }).toString(),
    signal: AbortSignal.timeout(10_000),
  });
  // The answer may quote the secret, so only its status is reported.
  const answer: unknown = response.ok ? JSON.parse(await response.text()) : null;
  if (
    typeof answer !== "object" ||
    answer === null ||
    !("access_token" in answer) ||
    typeof answer.access_token !== "string"
  ) {
    throw new PagerDutyError("the request for an OAuth token", response.status, null, []);
  }
  const seconds = "expires_in" in answer && typeof answer.expires_in === "number" ? answer.expires_in : 3600;
  return { header: `Bearer ${answer.access_token}`, until: now() + seconds * 1000 - EXPIRY_MARGIN_MS };
}
