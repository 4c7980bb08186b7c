import type { RestToken } from "./account.ts";
import { refusals } from "./errors.ts";
import type { RestRequest } from "./rest.ts";
import type { World } from "./world.ts";

/**
 * Whose a request is: of a key behind `Token token=`, or of an OAuth app's access token behind `Bearer` (developer docs,
 * authentication). Throws 401, also for one under the other's scheme, which is not documented; 403 for a read-only key
 * that would write.
 */
export function authenticate(world: World, request: RestRequest): RestToken {
  const [, scheme = "", given] =
    /^(Token token=|Bearer )"?([^"]+)"?$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  const isBearer = /^bearer/i.test(scheme);
  const token = world.directory.tokens.find(
    ({ token, isOAuth = false }) => token === given && isOAuth === isBearer,
  );
  if (token === undefined) throw refusals.unauthenticated();
  if (token.scopes === "read" && request.method !== "GET") throw refusals.readOnly();
  return token;
}

/** In whose name: the key's user, or for an account's key the one of `From`. Throws 2016 and 1008. */
export function requesterOf(world: World, request: RestRequest, token: RestToken): string {
  if (token.user !== undefined) return token.user;
  const from = request.headers.get("from");
  if (from === null || from.trim() === "") throw refusals.fromMissing();
  const user = world.directory.userByEmail(from);
  if (user === undefined) throw refusals.requesterNotFound();
  return user.id;
}

const MINUTE = 60_000;

/**
 * Counts requests by key and minute of the clock. Answers with the headers that every response bears, and whether
 * the limit is exceeded (developer docs, REST API rate limits: 960 a minute).
 */
export function createRateLimit(now: () => number, limit: number) {
  const counts = new Map<string, { readonly minute: number; requests: number }>();
  return (
    key: string,
  ): { readonly exceeded: boolean; readonly headers: Readonly<Record<string, string>> } => {
    const minute = Math.floor(now() / MINUTE);
    const known = counts.get(key);
    const count = known?.minute === minute ? known : { minute, requests: 0 };
    counts.set(key, count);
    count.requests++;
    return {
      exceeded: count.requests > limit,
      headers: {
        "ratelimit-limit": String(limit),
        "ratelimit-remaining": String(Math.max(0, limit - count.requests)),
        "ratelimit-reset": String(Math.ceil(((minute + 1) * MINUTE - now()) / 1000)),
      },
    };
  };
}
