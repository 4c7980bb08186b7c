import { createServer } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { openCommand, sentenceIfClosed } from "./webhook-open.ts";

const command = openCommand("mrdata-receive", "us-central1", "a-project");

/** A receive that answers whoever has no signature with this status. */
async function answering(status: number): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status, { location: "/" }).end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/`;
}

test("a 403 is Google's own: it says what PagerDuty will do, and the command", async () => {
  expect(await sentenceIfClosed(await answering(403), command)).toMatch(
    /^Google lets nobody call http.*, and after three it sends none for a day: gcloud run services update mrdata-receive --region us-central1 --project a-project --no-invoker-iam-check$/,
  );
});

test("what receive answers itself, and nothing at all, say nothing", async () => {
  for (const status of [200, 302, 401, 405, 503])
    expect(await sentenceIfClosed(await answering(status), command), String(status)).toBeNull();
  expect(await sentenceIfClosed("http://127.0.0.1:9/", command)).toBeNull();
});
