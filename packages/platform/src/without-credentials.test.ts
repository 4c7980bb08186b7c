import { expect, test } from "vitest";
import { jsonLog } from "./log.ts";
import { withoutCredentials } from "./without-credentials.ts";

test.each([
  ["https://robin:planted@gateway.example/x", "https://gateway.example/x"],
  ["connect to HTTP://robin:pl@nted@127.0.0.1:9 failed", "connect to HTTP://127.0.0.1:9 failed"],
  [
    "'https://planted@a.example' and 'ftp://b:planted@b.example'",
    "'https://a.example' and 'ftp://b.example'",
  ],
  [
    "https://gateway.example/path@place, mail robin@example.com",
    "https://gateway.example/path@place, mail robin@example.com",
  ],
])("of %s the credentials are taken out, and nothing else", (text, stripped) => {
  expect(withoutCredentials(text)).toBe(stripped);
});

test("no log line contains them, whatever field they are in", () => {
  const lines: string[] = [];
  const url = "https://robin:planted@gateway.example/";
  jsonLog((line) => lines.push(line))({
    severity: "ERROR",
    event: "function.failed",
    url,
    reason: `fetch of "${url}" failed`,
    deep: { list: [url] },
  });
  expect(lines.join("")).not.toContain("planted");
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    url: "https://gateway.example/",
    reason: 'fetch of "https://gateway.example/" failed',
  });
});
