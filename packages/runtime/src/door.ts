import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** Why a request is not let in, before anything of its body is read. */
export type Refusal = {
  readonly status: number;
  /** One word, to be counted by. */
  readonly reason: string;
  readonly error: string;
};

/** Looks at a request's head alone; null lets it in. */
export type Door = (headers: IncomingHttpHeaders, port: number) => Refusal | null;

const loopbackHosts = (port: number): readonly string[] => [
  `127.0.0.1:${port}`,
  `localhost:${port}`,
  `[::1]:${port}`,
];

/** Browsers name the page that a request comes from; neither PagerDuty nor the bus ever does. */
const isForeignOrigin = ({ origin }: IncomingHttpHeaders, port: number): boolean =>
  origin !== undefined && !loopbackHosts(port).some((host) => origin.toLowerCase() === `http://${host}`);

/**
 * The door of the port that may stand open to the world, through a tunnel say, which keeps the public name as Host: the
 * signature guards what is behind it. A browser has no business there.
 */
export const openDoor: Door = (headers, port) =>
  isForeignOrigin(headers, port)
    ? { status: 403, reason: "origin", error: "webhooks come from PagerDuty, and not from a web page" }
    : null;

/**
 * The door of a page for people at this machine: only its own address on loopback is answered, so that no name that
 * resolves to loopback reaches it, and no page of another origin.
 */
export const pageDoor: Door = (headers, port) => {
  const { host } = headers;
  if (host === undefined || !loopbackHosts(port).includes(host.toLowerCase()))
    return { status: 421, reason: "host", error: "this page answers to its own address on loopback only" };
  return isForeignOrigin(headers, port)
    ? { status: 403, reason: "origin", error: "this page answers no other page" }
    : null;
};

/**
 * The door behind which the functions take what the bus pushes: only who shows the secret is let in, whatever is asked
 * for. A name that resolves to loopback, or a page in a browser of this machine, comes no further than here.
 */
export function busDoor(secret: string): Door {
  const expected = digest(`Bearer ${secret}`);
  return (headers, port) => {
    const { host, authorization } = headers;
    if (host === undefined || !loopbackHosts(port).includes(host.toLowerCase()))
      return {
        status: 421,
        reason: "host",
        error: "this listener answers to its own address on loopback only",
      };
    if (headers.origin !== undefined)
      return {
        status: 403,
        reason: "origin",
        error: "only the bus pushes to this listener, and no web page",
      };
    return authorization !== undefined && timingSafeEqual(digest(authorization), expected)
      ? null
      : {
          status: 401,
          reason: "secret",
          error: "only the bus pushes to this listener: it shows its own secret",
        };
  };
}

/** Digests are of one length, whatever was sent, and comparing them tells nothing of the secret. */
const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** What only the bus of this run has: it is in memory alone, and the next run makes another. */
export const newBusSecret = (): string => randomBytes(32).toString("base64url");
