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

/** The route for a request, and the id in its path. Throws a 404 Refusal. */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { readonly route: Route; readonly id: string } {
  const given = path.split("/").map(decodeURIComponent);
  // A literal segment goes before an id: `/users/me` is not the user `me`.
  for (const literal of [true, false]) {
    for (const route of routes) {
      const wanted = route.path.split("/");
      if (route.method !== method || wanted.length !== given.length) continue;
      if (literal === wanted.includes(":id")) continue;
      if (!wanted.every((segment, i) => segment === ":id" || segment === given[i])) continue;
      return { route, id: given[wanted.indexOf(":id")] ?? "" };
    }
  }
  throw refusals.notFound();
}
