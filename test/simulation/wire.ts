import type { Handler } from "@mrdata/functions";
import type { DiscreteClock } from "@mrdata/simulator";

/**
 * Real HTTP on a discrete clock: time stands still while bytes are on the wire, and only then. Who sends holds the
 * clock until the other side has the whole request; the other side holds it again from its answer on. What a handler
 * does between the two, sleeping included, takes its time on the clock.
 */
export type Wire = {
  /** A `fetch` whose other side stands behind `inside` or `insideWeb`. */
  readonly fetch: typeof fetch;
  inside(handler: Handler): Handler;
  insideWeb(handle: (request: Request) => Promise<Response>): (request: Request) => Promise<Response>;
};

const HEADER = "x-wire";

export function createWire(clock: DiscreteClock): Wire {
  const holds = new Map<string, () => void>();
  /** Requests that somebody still waits for. */
  const open = new Set<string>();
  let count = 0;

  const release = (id: string): void => {
    holds.get(id)?.();
    holds.delete(id);
  };
  /** Runs what is behind the wire with the clock let go. */
  async function behind<T>(id: string | null, work: () => Promise<T>): Promise<T> {
    if (id !== null) release(id);
    try {
      return await work();
    } finally {
      if (id !== null && open.has(id)) holds.set(id, clock.hold());
    }
  }

  return {
    inside: (handler) => (request) => behind(request.headers.get(HEADER), () => handler(request)),
    insideWeb: (handle) => (request) => behind(request.headers.get(HEADER), () => handle(request)),
    async fetch(input, init) {
      const id = String(++count);
      open.add(id);
      holds.set(id, clock.hold());
      try {
        const headers = new Headers(init?.headers);
        headers.set(HEADER, id);
        const response = await fetch(input, { ...init, headers });
        const body = response.status === 204 ? null : await response.arrayBuffer();
        return new Response(body, { status: response.status, headers: response.headers });
      } finally {
        open.delete(id);
        release(id);
      }
    },
  };
}

/** What PagerDuty and Pub/Sub send with a request. */
const forwarded = [
  "content-type",
  "x-pagerduty-signature",
  "x-webhook-id",
  "x-webhook-subscription",
  "user-agent",
];

/** The handler behind the wire, for callers on this side of it. */
export const remote =
  (wire: Wire, url: string): Handler =>
  async (request) => {
    const headers = new Headers();
    for (const name of forwarded) {
      const value = request.headers.get(name);
      if (value !== null) headers.set(name, value);
    }
    return wire.fetch(url, { method: request.method, headers, body: await request.bytes() });
  };
