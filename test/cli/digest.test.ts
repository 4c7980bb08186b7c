import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { defaultSettings, withMode } from "@mrdata/platform";
import { expect, onTestFinished, test } from "vitest";
import { withHomeLedger } from "../support/home-ledger.ts";
import { temporaryFolder } from "../support/mrdata.ts";
import { mrdataHere } from "../support/mrdata-here.ts";

const AT = "2026-03-02T08:00:00Z";

async function home(): Promise<string> {
  const folder = temporaryFolder();
  const by = { who: "robin", at: Date.parse(AT) - 86_400_000, why: "a quiet <month>" };
  await withHomeLedger(folder, (ledger) =>
    ledger.saveSettings(withMode(defaultSettings, "PSVC001", { mode: "armed", policy: "PARMED" }, by)),
  );
  return folder;
}

/** Something that listens, and what it was posted. */
async function listener(status: number): Promise<{ readonly address: string; readonly posted: string[] }> {
  const posted: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      posted.push(body);
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const at = server.address();
  if (typeof at !== "object" || at === null) throw new Error("it listens on a port");
  return { address: `http://127.0.0.1:${at.port}/services/secret-part`, posted };
}

test("digest writes Monday's message as text, as a mail's body, as Slack's blocks and as JSON", async () => {
  const folder = await home();
  const text = await mrdataHere(["digest", "--home", folder, "--at", AT]);
  expect(text.code).toBe(0);
  expect(text.stdout).toContain("Mr Data, Mon 23 Feb to Mon 2 Mar (UTC)");
  expect(text.stdout).toContain("- PSVC001 is armed, by robin: a quiet <month>");
  const file = join(folder, "monday.html");
  await mrdataHere(["digest", "--home", folder, "--at", AT, "--form", "html", "--out", file]);
  expect(readFileSync(file, "utf8")).toContain("a quiet &lt;month&gt;");
  const slack = await mrdataHere(["digest", "--home", folder, "--at", AT, "--form", "slack"]);
  expect(JSON.parse(slack.stdout).blocks[0].type).toBe("header");
  const json = await mrdataHere(["digest", "--home", folder, "--at", AT, "--json"]);
  expect(JSON.parse(json.stdout).sections.map(({ heading }: { heading: string }) => heading)).toContain(
    "Miss budget",
  );
});

test("it is posted where the environment names a webhook, whose address is never shown", async () => {
  const folder = await home();
  const good = await listener(200);
  const sent = await mrdataHere(["digest", "--home", folder, "--at", AT, "--post"], {
    env: { MRDATA_DIGEST_WEBHOOK: good.address },
  });
  expect(sent).toMatchObject({ code: 0, stdout: "", stderr: "Posted.\n" });
  expect(good.posted.map((body) => JSON.parse(body).text)).toEqual([
    expect.stringContaining("0 pages spared, none late"),
  ]);
  const bad = await listener(500);
  const refused = await mrdataHere(["digest", "--home", folder, "--at", AT, "--post"], {
    env: { MRDATA_DIGEST_WEBHOOK: bad.address },
  });
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("its webhook answered 500");
  expect(refused.stderr + refused.stdout).not.toContain("secret-part");
  const none = await mrdataHere(["digest", "--home", folder, "--post"]);
  expect(none.code).toBe(3);
  expect(none.stderr).toContain("MRDATA_DIGEST_WEBHOOK");
});
