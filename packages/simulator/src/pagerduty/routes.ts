import { refusals } from "./errors.ts";
import type { By } from "./incident.ts";
import type { World } from "./world.ts";

export type RouteRequest = {
  readonly world: World;
  readonly query: URLSearchParams;
  /** The id in the path, "" where there is none. */
  readonly id: string;
  /** The second id in the path, "" where there is none. */
  readonly innerId: string;
  readonly body: unknown;
  /** Id of the user in whose name the request is made, by the key or by `From`; null for an account's key without. */
  readonly user: string | null;
  /** The same as the agent of what happens. Only on routes that need a `From`. */
  readonly requester: () => { readonly user: string; readonly by: By };
};

export type RouteAnswer = { readonly status?: number; readonly body?: unknown };

export type Route = {
  readonly method: string;
  /** `/incidents/:id/notes`, `/incidents/:id/alerts/:innerId` */
  readonly path: string;
  /** An account's key needs a `From` header here. */
  readonly from?: boolean;
  readonly handle: (request: RouteRequest) => RouteAnswer;
};

/** A route that only reads; `handle` answers with the body. */
export const get = (path: string, handle: (request: RouteRequest) => unknown): Route => ({
  method: "GET",
  path,
  handle: (request) => ({ body: handle(request) }),
});

/** Finds the route for a request, and the ids in its path. Throws a 404 Refusal. */
export type FindRoute = (
  method: string,
  path: string,
) => { readonly route: Route; readonly id: string; readonly innerId: string };

export function routeFinder(routes: readonly Route[]): FindRoute {
  const all = routes.map((route) => {
    const wanted = route.path.split("/");
    const places = wanted.flatMap((segment, i) => (segment.startsWith(":") ? [i] : []));
    return { route, wanted, places };
  });
  // A literal segment goes before an id: `/users/me` is not the user `me`.
  const ordered = all.toSorted((a, b) => a.places.length - b.places.length);
  return (method, path) => {
    const given = path.split("/").map(decodeURIComponent);
    const found = ordered.find(
      ({ route, wanted, places }) =>
        route.method === method &&
        wanted.length === given.length &&
        wanted.every((segment, i) => places.includes(i) || segment === given[i]),
    );
    if (found === undefined) throw refusals.notFound();
    const [id = "", innerId = ""] = found.places.map((place) => given[place]);
    return { route: found.route, id, innerId };
  };
}
