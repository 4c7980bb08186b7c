import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { signBody } from "@mrdata/pagerduty";
import { allIndexes, createLedger } from "@mrdata/platform";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import { expect, it } from "vitest";
import { bytesOf, webhook } from "../support/webhooks.ts";

type Ready = { readonly webhookUrl: string; readonly secret: string };

async function serve(home: string): Promise<{ process: ChildProcess; ready: Ready }> {
  const child = spawn(
    process.execPath,
    ["packages/cli/src/main.ts", "serve", "--port", "0", "--home", home, "--json"],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  return { process: child, ready: JSON.parse(String(line)) };
}

const send = async ({ webhookUrl, secret }: Ready, body: Buffer): Promise<boolean> => {
  try {
    const headers = { "content-type": "application/json", "x-pagerduty-signature": signBody(body, secret) };
    return (await fetch(webhookUrl, { method: "POST", headers, body: new Uint8Array(body) })).ok;
  } catch {
    return false;
  }
};

it("kill -9 at any moment loses no webhook that was accepted", async () => {
  const home = mkdtempSync(join(tmpdir(), "mrdata-kill-"));
  const accepted: string[] = [];
  try {
    for (let round = 0; round < 12; round++) {
      const { process: server, ready } = await serve(home);
      const killed = new Promise<void>((resolve) =>
        setTimeout(() => server.kill("SIGKILL") && resolve(), 20 + round * 23),
      );
      const sending = Array.from({ length: 120 }, async (_, i) => {
        const incident = `P${round}X${i}`;
        if (await send(ready, bytesOf(webhook({ type: "triggered", incident, at: Date.now() }))))
          accepted.push(incident);
      });
      await Promise.all([killed, ...sending]);
    }
    const { process: last, ready } = await serve(home);
    expect(
      await send(ready, bytesOf(webhook({ type: "triggered", incident: "PLAST", at: Date.now() }))),
    ).toBe(true);
    const ledger = createLedger(
      openEmbeddedStore({ file: join(home, "ledger.sqlite"), indexes: allIndexes }),
    );
    const missing = async () => {
      const known = await Promise.all(
        accepted.map(
          async (id) => (await ledger.prediction(id)) !== null && (await ledger.incident(id)) !== null,
        ),
      );
      return known.filter((found) => !found).length;
    };
    await expect.poll(missing, { timeout: 60_000, interval: 250 }).toBe(0);
    expect(accepted.length).toBeGreaterThan(100);
    await ledger.close();
    last.kill("SIGTERM");
    expect((await once(last, "exit"))[0]).toBe(0);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
