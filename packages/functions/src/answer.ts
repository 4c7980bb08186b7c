/** Web-standard, so that tests call functions without sockets and any host can run them. */
export type Handler = (request: Request) => Promise<Response>;

/** A one-line JSON answer. */
export const answer = (status: number, body: Readonly<Record<string, unknown>>): Response =>
  new Response(`${JSON.stringify(body)}\n`, { status, headers: { "content-type": "application/json" } });
