import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { assertUsableSecrets, ensureWebhookSecret, fileSecrets } from "./secrets.ts";

let dir: string;
const stored = () => readFileSync(join(dir, "webhook-secret"), "utf8");

beforeEach(() => {
  const made = mkdtempSync(join(tmpdir(), "mrdata-secrets-"));
  dir = made;
  onTestFinished(() => rmSync(made, { recursive: true }));
});

test("the first start makes a secret that the owner alone can read, and the next keeps it", () => {
  ensureWebhookSecret(dir);
  const first = stored();
  expect(first.trim()).toMatch(/^[\w-]{43}$/);
  expect(statSync(join(dir, "webhook-secret")).mode & 0o777).toBe(0o600);
  ensureWebhookSecret(dir);
  expect(stored()).toBe(first);
  expect(readdirSync(dir)).toEqual(["webhook-secret"]);
});

test("an empty file, as a process that was killed may leave it, is filled", () => {
  writeFileSync(join(dir, "webhook-secret"), "");
  ensureWebhookSecret(dir);
  expect(fileSecrets({ dir, env: {} }).get("webhook-secret")).toMatch(/^[\w-]{43}$/);
});

test("a secret that is given is stored in the place of another", () => {
  ensureWebhookSecret(dir);
  ensureWebhookSecret(dir, " given ");
  expect(stored()).toBe("given\n");
});

test("a secret in the environment takes precedence", () => {
  ensureWebhookSecret(dir);
  expect(fileSecrets({ dir, env: { MRDATA_WEBHOOK_SECRET: "of the shell" } }).get("webhook-secret")).toBe(
    "of the shell",
  );
});

test.each([
  ["a comma", "alpha,beta"],
  ["a blank", "alpha beta"],
  ["a tab", "alpha\tbeta"],
  ["a blank that does not break", "alpha\u00a0beta"],
  ["a list of two, separated as people separate them", "alpha, beta"],
  ["a control character", "alpha\u0007beta"],
  ["a comma in its second line", "alpha\nbeta,gamma"],
])("a secret with %s inside is refused, naming its place and not showing it", (_, text) => {
  const variable = { MRDATA_WEBHOOK_SECRET: text };
  expect(() => assertUsableSecrets(dir, variable)).toThrow(
    /^MRDATA_WEBHOOK_SECRET holds a secret with a blank or a comma/,
  );
  expect(() => assertUsableSecrets(dir, { MRDATA_PAGERDUTY_TOKEN: text })).toThrow(/^MRDATA_PAGERDUTY_TOKEN/);
  writeFileSync(join(dir, "webhook-secret"), text);
  expect(() => assertUsableSecrets(dir, {})).toThrow(join(dir, "webhook-secret"));
  expect(() => assertUsableSecrets(dir, variable)).toThrow(
    expect.not.objectContaining({ message: expect.stringMatching(/alpha|beta|gamma/) }),
  );
});

test("secrets of several lines, with blanks around them, and none at all can be meant so", () => {
  assertUsableSecrets(dir, {});
  assertUsableSecrets(dir, {
    MRDATA_WEBHOOK_SECRET: " first \n\tsecond\r\n",
    MRDATA_PAGERDUTY_TOKEN: "u+abc_123-x=\n",
  });
});
