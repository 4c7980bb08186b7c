import type { SlackMessage } from "@mrdata/report";

/** Why a digest was not sent. The address is a secret and never part of the message. */
export class DigestUnsentError extends Error {
  constructor(reason: string) {
    super(`the digest was not sent: ${reason}`);
    this.name = "DigestUnsentError";
  }
}

/** How long the webhook may take to answer, milliseconds. */
const TIMEOUT_MS = 10_000;

/** Sends a request: `fetch`, or a stand-in for it. */
export type SendDigest = (
  address: string,
  init: {
    readonly method: "POST";
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    readonly redirect: "error";
    readonly signal: AbortSignal;
  },
) => Promise<Pick<Response, "status" | "ok">>;

/**
 * Posts a message to an incoming webhook in Slack's format
 * (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks); others that accept `text` show that.
 * Throws DigestUnsentError, whose message never contains the address.
 */
export async function postDigest(
  address: string,
  message: SlackMessage,
  send: SendDigest = fetch,
): Promise<void> {
  if (!isUsable(address))
    throw new DigestUnsentError("its webhook is not an address that begins with https://");
  const answered = await send(address, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(message),
    // A redirect could lead anywhere.
    redirect: "error",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    // The client's error message may name the address.
    throw new DigestUnsentError(
      error instanceof Error && error.name === "TimeoutError"
        ? `its webhook did not answer within ${TIMEOUT_MS / 1000} s`
        : "its webhook could not be reached",
    );
  });
  if (!answered.ok) throw new DigestUnsentError(`its webhook answered ${answered.status}`);
}

/** https, or this machine itself, where a person may run a listener. */
function isUsable(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username, password } = new URL(address);
  if (username !== "" || password !== "") return false;
  return (
    protocol === "https:" || (protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(hostname))
  );
}
