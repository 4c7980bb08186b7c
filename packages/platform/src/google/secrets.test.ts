import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { mountedSecrets } from "./secrets.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "mrdata-secrets-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test("a secret of the environment is taken as it is, without the line's end", async () => {
  const secrets = mountedSecrets({ env: { MRDATA_PAGERDUTY_TOKEN: "a-token\n" } });
  expect(await secrets.get("pagerduty-token")).toBe("a-token");
});

test("a secret that is unset, empty or not mounted is null", async () => {
  const missing = join(directory, "missing");
  expect(await mountedSecrets({ env: {} }).get("webhook-secret")).toBeNull();
  expect(await mountedSecrets({ env: { MRDATA_WEBHOOK_SECRET: " \n" } }).get("webhook-secret")).toBeNull();
  expect(
    await mountedSecrets({ env: { MRDATA_WEBHOOK_SECRET_FILE: missing } }).get("webhook-secret"),
  ).toBeNull();
});

test("a mounted file takes precedence over the variable, and is read again after 30 s", async () => {
  const file = join(directory, "webhook");
  await writeFile(file, "old\nnew\n");
  let now = 1_000;
  const secrets = mountedSecrets({
    env: { MRDATA_WEBHOOK_SECRET_FILE: file, MRDATA_WEBHOOK_SECRET: "stale" },
    clock: { now: () => now },
  });
  expect(await secrets.get("webhook-secret")).toBe("old\nnew");
  await writeFile(file, "new");
  now += 29_999;
  expect(await secrets.get("webhook-secret")).toBe("old\nnew");
  now += 1;
  expect(await secrets.get("webhook-secret")).toBe("new");
});

test("an unreadable file is an error that does not reveal the secret", async () => {
  const secrets = mountedSecrets({ env: { MRDATA_WEBHOOK_SECRET_FILE: directory } });
  await expect(secrets.get("webhook-secret")).rejects.toThrow("EISDIR");
});
