import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** Why a request is rejected before its body is read. */
export type Refusal = {
  readonly status: number;
  /** One word, to be counted by. */
  readonly reason: string;
  readonly error: string;
};

/** Judges a request by its headers alone; null admits it. */
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
 * The door of the port that may be reachable from the internet, for example through a tunnel that keeps the public name as Host.
 * Webhook signatures protect the handlers behind it; requests from browsers are rejected.
 */
export const openDoor: Door = (headers, port) =>
  isForeignOrigin(headers, port)
    ? { status: 403, reason: "origin", error: "webhooks come from PagerDuty, and not from a web page" }
    : null;

/**
 * The door of a page for people on this machine: only requests to its own loopback address are answered, so that neither DNS
 * rebinding nor a page of another origin reaches it.
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
 * The door of the functions that receive pushes from the bus: only requests with the secret are admitted, whatever their path.
 * It also stops DNS rebinding and pages in a browser of this machine.
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

/** Compares digests, which have equal length whatever was sent, so that timing reveals nothing about the secret. */
const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** A secret shared only with the bus of this run: it exists only in memory, and the next run makes a new one. */
export const newBusSecret = (): string => randomBytes(32).toString("base64url");
