import { Agent, request } from "node:http";

export type PushAnswer = { readonly status: number; readonly text: string };

/** POSTs a JSON body and returns status and text. Rejects if no answer comes or the signal aborts. */
export type Push = (url: string, body: string, signal: AbortSignal) => Promise<PushAnswer>;

const MAX_ANSWER_LENGTH = 4_096;

/**
 * Pushes over HTTP with connections kept alive. With `bearer` each push carries that token as Pub/Sub does
 * (https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions), so that the receiver can reject pushes from
 * anybody else; errors never contain it.
 */
export function httpPush({
  bearer,
}: {
  readonly bearer?: string | undefined;
} = {}): Push & { close(): void } {
  const agent = new Agent({ keepAlive: true });
  const push: Push = (url, body, signal) =>
    new Promise((resolve, reject) => {
      const headers = {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      };
      const sent = request(url, { method: "POST", agent, signal, headers }, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          if (text.length < MAX_ANSWER_LENGTH) text += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
        response.on("error", reject);
      });
      sent.on("error", reject);
      sent.end(body);
    });
  return Object.assign(push, { close: () => agent.destroy() });
}
