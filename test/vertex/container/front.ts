import { createServer, type ServerResponse } from "node:http";
import { setTimeout } from "node:timers/promises";

/** What goes wrong between the container and whoever asks; null: nothing. */
export type Fault =
  | "two numbers"
  | "a word"
  | "not JSON"
  | "slow"
  | "429"
  | "503"
  | "half an answer"
  | "reset"
  | "another version"
  | "another number"
  | "away";

/** The endpoint in front of a container: Google adds which deployed model answered (REST reference, `endpoints.predict`). */
export type Front = {
  readonly url: string;
  fault: Fault | null;
  /** `Authorization` of every call. */
  readonly seen: string[];
  close(): Promise<void>;
};

export async function startFront(options: {
  readonly container: string;
  readonly name: string;
  readonly deployedModelId: string;
}): Promise<Front> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    front.seen.push(request.headers.authorization ?? "");
    if (request.method !== "POST" || request.url !== `/v1/${options.name}:predict`)
      return end(response, 404, {});
    if (front.fault === "429" || front.fault === "503") return end(response, Number(front.fault), {});
    if (front.fault === "reset") return request.socket.destroy();
    const answered = await fetch(`${options.container}/predict`, {
      method: "POST",
      body: Buffer.concat(chunks),
    });
    const { predictions = [] }: { predictions?: readonly number[] } = JSON.parse(await answered.text());
    const of = (said: readonly unknown[]) => ({
      predictions: said,
      deployedModelId: front.fault === "another version" ? "1000000001" : options.deployedModelId,
    });
    switch (front.fault) {
      case "two numbers":
        return end(response, 200, of([...predictions, ...predictions]));
      case "a word":
        return end(response, 200, of(predictions.map(String)));
      case "not JSON":
        return response.end("<html>");
      case "slow":
        await setTimeout(2_000);
        return end(response, 200, of(predictions));
      case "half an answer": {
        const text = JSON.stringify(of(predictions));
        response.writeHead(200, { "content-length": text.length });
        response.write(text.slice(0, text.length / 2));
        return setTimeout(20).then(() => request.socket.destroy());
      }
      case "another number":
        return end(response, 200, of(predictions.map((one) => one + 2e-6)));
      default:
        return end(response, answered.status, of(predictions));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const front: Front = {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    fault: null,
    seen: [],
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return front;
}

function end(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
