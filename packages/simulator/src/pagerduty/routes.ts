import { refusals } from "./errors.ts";
import type { By } from "./incident.ts";
import type { World } from "./world.ts";

export type RouteRequest = {
  readonly world: World;
  readonly query: URLSearchParams;
  /** The id in the path, "" where there is none. */
  readonly id: string;
  readonly body: unknown;
  /** Id of the user in whose name the request is made, by the key or by `From`; null for an account's key without. */
  readonly user: string | null;
  /** The same as the agent of what happens. Only on routes that need a `From`. */
  readonly requester: () => { readonly user: string; readonly by: By };
};

export type RouteAnswer = { readonly status?: number; readonly body?: unknown };

export type Route = {
  readonly method: string;
  /** `/incidents/:id/notes` */
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

/** Finds the route for a request, and the id in its path. Throws a 404 Refusal. */
export type FindRoute = (method: string, path: string) => { readonly route: Route; readonly id: string };

export function routeFinder(routes: readonly Route[]): FindRoute {
  const all = routes.map((route) => {
    const wanted = route.path.split("/");
    return { route, wanted, place: wanted.indexOf(":id") };
  });
  // A literal segment goes before an id: `/users/me` is not the user `me`.
  const ordered = [...all.filter(({ place }) => place < 0), ...all.filter(({ place }) => place >= 0)];
  return (method, path) => {
    const given = path.split("/").map(decodeURIComponent);
    const found = ordered.find(
      ({ route, wanted, place }) =>
        route.method === method &&
        wanted.length === given.length &&
        wanted.every((segment, i) => i === place || segment === given[i]),
    );
    if (found === undefined) throw refusals.notFound();
    return { route: found.route, id: given[found.place] ?? "" };
  };
}
