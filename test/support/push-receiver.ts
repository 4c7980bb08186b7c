import { createServer } from "node:http";
import { type PushedMessage, readPushEnvelope } from "@mrdata/platform";
import type { TestContext } from "vitest";

export type PushReceiver = {
  readonly url: string;
  /** All that came, in order. */
  readonly pushed: readonly PushedMessage[];
  /** Of those, what was answered with 204. */
  readonly taken: readonly PushedMessage[];
};

/** An HTTP server that takes pushes until the test ends, and answers each as `answer` says. */
export async function startReceiver(
  { onTestFinished }: Pick<TestContext, "onTestFinished">,
  answer: (pushed: PushedMessage) => number | "hang" | Promise<number> = () => 204,
): Promise<PushReceiver> {
  const pushed: PushedMessage[] = [];
  const taken: PushedMessage[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const message = readPushEnvelope(JSON.parse(Buffer.concat(chunks).toString()));
    pushed.push(message);
    const status = await answer(message);
    if (status === "hang") return;
    if (status === 204) taken.push(message);
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/`, pushed, taken };
}
