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

/** One request and what it was answered; `status` is null where it was not. `at`: when it came, milliseconds since the epoch. */
export type RestCall = {
  readonly at: number;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly status: number | null;
};

/** Of PUT /incidents (PagerDuty's changelog): requests a minute, beside the limit of all. */
const BULK_CHANGES_PER_MINUTE = 500;

/**
 * The REST API v2 and the Events API as one web-standard handler. Rejects when a fault closes the connection without
 * an answer, and never settles for one that hangs, unless the request is aborted.
 */
export function createRest(
  world: World,
  faults: Faults,
  routes: readonly Route[],
  requestsPerMinute: number,
  onCall: (call: RestCall) => void = () => {},
): (request: RestRequest) => Promise<RestAnswer> {
  const findRoute = routeFinder(routes);
  const count = createRateLimit(() => world.clock.now(), requestsPerMinute);
  const countBulk = createRateLimit(() => world.clock.now(), BULK_CHANGES_PER_MINUTE);

  /** Throws Refusal. */
  async function answer(
    request: RestRequest,
    { path, searchParams, conflict }: { path: string; searchParams: URLSearchParams; conflict: boolean },
  ): Promise<RestAnswer> {
    const body = await bodyOf(request);
    if (request.method === "POST" && path === "/v2/enqueue") return enqueueEvent(world, body);
    if (request.method === "POST" && path === "/v2/change/enqueue") return enqueueChange(world, body);
    const token = authenticate(world, request);
    const { exceeded, headers } = count(token.token);
    if (exceeded) throw refusals.rateLimited(headers);
    if (request.method === "PUT" && path === "/incidents") {
      const bulk = countBulk(token.token);
      if (bulk.exceeded) throw refusals.rateLimited(bulk.headers);
    }
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

  async function handle(
    request: RestRequest,
    path: string,
    searchParams: URLSearchParams,
  ): Promise<RestAnswer> {
    const fault = faults.drawRest(request.method, path);
    const { restLatency } = faults.now();
    if (restLatency > 0) await world.clock.sleep(restLatency, request.signal);
    if (fault === "hang") return hang(request.signal);
    try {
      if (fault === "429") throw refusals.rateLimited({ "ratelimit-reset": "1" });
      if (fault === "500") throw refusals.broken();
      if (fault === "403") throw refusals.readOnly();
      if (fault === "404") throw refusals.notFound();
      const answered = await answer(request, { path, searchParams, conflict: fault === "conflict" });
      if (fault === "applied-not-answered" && request.method !== "GET") throw connectionClosed();
      return dated(answered);
    } catch (error) {
      if (error instanceof Refusal) return dated(refusalAnswer(error));
      throw error;
    }
  }

  return async function counted(request) {
    const at = world.clock.now();
    const { pathname, searchParams } = new URL(request.url);
    const path = pathname.replace(/\/+$/, "");
    let status: number | null = null;
    try {
      const answered = await handle(request, path, searchParams);
      status = answered.status;
      return answered;
    } finally {
      onCall({ at, method: request.method, path, status });
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
