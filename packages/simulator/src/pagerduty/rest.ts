import { enqueueChange } from "./change-events.ts";
import { Refusal, refusalAnswer, refusals } from "./errors.ts";
import { enqueueEvent } from "./events-api.ts";
import type { Faults } from "./faults.ts";
import { withIncluded } from "./include.ts";
import { assertPlayed } from "./played-query.ts";
import { RestAnswer } from "./rest-answer.ts";
import { authenticate, createRateLimit, requesterOf } from "./rest-auth.ts";
import { type Route, routeFinder } from "./routes.ts";
import { byUser, type World } from "./world.ts";

/** The connection was closed without an answer: what fetch says then. */
const connectionClosed = (): TypeError =>
  new TypeError("fetch failed", { cause: new Error("other side closed") });

/** What is read of a web-standard Request, which is one. */
export type RestRequest = Pick<Request, "method" | "url" | "text" | "signal"> & {
  readonly headers: Pick<Headers, "get">;
};

/**
 * The REST API v2 and the Events API as one web-standard handler. Rejects when a fault closes the connection without
 * an answer, and never settles for one that hangs, unless the request is aborted.
 */
export function createRest(
  world: World,
  faults: Faults,
  routes: readonly Route[],
  requestsPerMinute: number,
): (request: RestRequest) => Promise<RestAnswer> {
  const findRoute = routeFinder(routes);
  const count = createRateLimit(() => world.clock.now(), requestsPerMinute);

  /** Throws Refusal. */
  async function answer(request: RestRequest, conflict: boolean): Promise<RestAnswer> {
    const { pathname, searchParams } = new URL(request.url);
    const path = pathname.replace(/\/+$/, "");
    const body = await bodyOf(request);
    if (request.method === "POST" && path === "/v2/enqueue") return enqueueEvent(world, body);
    if (request.method === "POST" && path === "/v2/change/enqueue") return enqueueChange(world, body);
    const token = authenticate(world, request);
    const { exceeded, headers } = count(token.token);
    if (exceeded) throw refusals.rateLimited(headers);
    const { route, id, innerId } = findRoute(request.method, path);
    assertPlayed(route, searchParams);
    const user = route.from ? requesterOf(world, request, token) : (token.user ?? null);
    if (conflict && request.method === "PUT") throw refusals.changedSince();
    const { status = 200, body: answered } = route.handle({
      world,
      query: searchParams,
      id,
      innerId,
      body,
      user,
      requester() {
        const requester = user ?? requesterOf(world, request, token);
        return { user: requester, by: byUser(world, requester, "api") };
      },
    });
    return new RestAnswer(status, withIncluded(world, answered, searchParams), headers);
  }

  /** Any answer bears the time, refusals too. */
  const dated = (answered: RestAnswer): RestAnswer =>
    answered.with("date", new Date(world.clock.now() + faults.now().clockAhead).toUTCString());

  return async function handle(request) {
    const fault = faults.drawRest();
    const { restLatency, refuse } = faults.now();
    if (restLatency > 0) await world.clock.sleep(restLatency, request.signal);
    if (fault === "hang") return hang(request.signal);
    try {
      if (fault === "429") throw refusals.rateLimited({ "ratelimit-reset": "1" });
      if (fault === "500") throw refusals.broken();
      if (refuse?.path.test(new URL(request.url).pathname)) throw refusals.failing(refuse.status);
      const answered = await answer(request, fault === "conflict");
      if (fault === "applied-not-answered" && request.method !== "GET") throw connectionClosed();
      return dated(answered);
    } catch (error) {
      if (error instanceof Refusal) return dated(refusalAnswer(error));
      throw error;
    }
  };
}

const hang = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });

/** The parsed JSON, undefined where there is none. Throws 2001. */
async function bodyOf(request: RestRequest): Promise<unknown> {
  const text = await request.text();
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw refusals.invalid("The body is not JSON");
  }
}
