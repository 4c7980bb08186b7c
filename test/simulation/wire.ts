import { Agent, request as ask } from "node:http";
import type { Send } from "@mrdata/pagerduty";
import type { Handler } from "@mrdata/runtime";
import type { DiscreteClock, RestHandler, WebhookRequest } from "@mrdata/simulator";

/**
 * Real HTTP on a discrete clock: time stands still while bytes are on the wire, and only then. Who sends holds the
 * clock until the other side has the whole request; the other side holds it again from its answer on. What a handler
 * does between the two, sleeping included, takes its time on the clock.
 */
export type Wire = {
  /** The bot's own `fetch`, whose other side stands behind `insideRest`. */
  readonly send: Send;
  /** What PagerDuty and Pub/Sub post; the other side stands behind `inside`. */
  post(request: Posted): Promise<{ readonly status: number; readonly text: string }>;
  inside(handler: Handler): Handler;
  insideRest(handle: RestHandler): RestHandler;
  close(): void;
};

type Posted = Pick<WebhookRequest, "url" | "headers"> & { readonly body: Uint8Array };

const HEADER = "x-wire";

export function createWire(clock: DiscreteClock): Wire {
  const holds = new Map<string, () => void>();
  /** Requests that somebody still waits for. */
  const open = new Set<string>();
  const agent = new Agent({ keepAlive: true });
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
  /** Sends what `work` sends with the headers that it is given, time standing still. */
  async function held<T>(
    headers: Readonly<Record<string, string>>,
    work: (headers: Readonly<Record<string, string>>) => Promise<T>,
  ): Promise<T> {
    const id = String(++count);
    open.add(id);
    holds.set(id, clock.hold());
    try {
      return await work({ ...headers, [HEADER]: id });
    } finally {
      open.delete(id);
      release(id);
    }
  }

  return {
    inside: (handler) => (request) => behind(request.headers.get(HEADER), () => handler(request)),
    insideRest: (handle) => (request) => behind(request.headers.get(HEADER), () => handle(request)),
    send: (url, request) =>
      held(request.headers, async (headers) => {
        const response = await fetch(url, { ...request, headers });
        const text = await response.text();
        return {
          status: response.status,
          ok: response.ok,
          headers: response.headers,
          text: async () => text,
        };
      }),
    post: ({ url, headers, body }) => held(headers, (sent) => postOnce(agent, { url, headers: sent, body })),
    close: () => agent.destroy(),
  };
}

/** By node:http: who posts is not the bot, and a `fetch` with its streams costs more than all that the bot does of it. */
const postOnce = (
  agent: Agent,
  { url, headers, body }: Posted,
): Promise<{ readonly status: number; readonly text: string }> =>
  new Promise((resolve, reject) => {
    const sent = ask(url, {
      method: "POST",
      agent,
      headers: { ...headers, "content-length": body.byteLength },
    });
    sent.once("error", reject);
    sent.once("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("error", reject);
      response.once("end", () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") }),
      );
    });
    sent.end(body);
  });

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
    const headers: Record<string, string> = {};
    for (const name of forwarded) {
      const value = request.headers.get(name);
      if (value !== null) headers[name] = value;
    }
    const { status, text } = await wire.post({ url, headers, body: await request.bytes() });
    return new Response(status === 204 ? null : text, { status });
  };
