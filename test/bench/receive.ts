import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleEntry } from "@mrdata/functions/bundle";
import { signBody } from "@mrdata/pagerduty";
import autocannon from "autocannon";
import { type FunctionProcess, startFunction } from "../support/function-process.ts";
import { bytesOf, webhook } from "../support/webhooks.ts";
import { aside, atLeast, atMost, type Figure, median } from "./figure.ts";

const SECRET = "secret-of-the-benchmark";
const ROUNDS = 5;
const SECONDS = 3;

type Load = { readonly rate: number; readonly p99: number };

/**
 * `receive` beside the smallest correct receiver of the same framework, in turns, each on the same one core; the ratio of
 * the medians.
 */
export async function benchReceive(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "mrdata-bench-"));
  try {
    const body = webhookOf3KB();
    const headers = { "content-type": "application/json", "x-pagerduty-signature": signBody(body, SECRET) };
    const smallest = await host(folder, "smallest-receiver", "smallestReceiver");
    const receive = await host(folder, "receive-stubbed", "receive");
    try {
      const loads: { smallest: Load[]; receive: Load[] } = { smallest: [], receive: [] };
      for (const server of [smallest, receive]) await load(server, body, headers, 1);
      for (let round = 0; round < ROUNDS; round++) {
        loads.smallest.push(await load(smallest, body, headers, SECONDS));
        loads.receive.push(await load(receive, body, headers, SECONDS));
      }
      const of = (name: keyof typeof loads, figure: keyof Load) =>
        median(loads[name].map((one) => one[figure]));
      return [
        atLeast(
          "receive.throughput",
          of("receive", "rate") / of("smallest", "rate"),
          "of the smallest receiver",
          0.9,
        ),
        atMost(
          "receive.p99",
          of("receive", "p99") / of("smallest", "p99"),
          "times the smallest receiver",
          1.5,
        ),
        aside("receive.requests", of("receive", "rate"), "/s"),
        aside("smallest.requests", of("smallest", "rate"), "/s"),
        aside("receive.p99.milliseconds", of("receive", "p99"), "ms"),
        aside("smallest.p99.milliseconds", of("smallest", "p99"), "ms"),
      ];
    } finally {
      await Promise.all([smallest.stop(), receive.stop()]);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function host(folder: string, entry: string, target: string): Promise<FunctionProcess> {
  const place = join(folder, entry);
  await bundleEntry(join(import.meta.dirname, "entries", `${entry}.ts`), join(place, "index.js"));
  writeFileSync(join(place, "package.json"), JSON.stringify({ main: "index.js" }));
  return startFunction(place, target, { MRDATA_WEBHOOK_SECRET: SECRET }, { core: 1 });
}

async function load(
  { url }: FunctionProcess,
  body: Buffer,
  headers: Record<string, string>,
  duration: number,
): Promise<Load> {
  const result = await autocannon({ url, method: "POST", headers, body, connections: 16, duration });
  if (result.non2xx + result.errors > 0)
    throw new Error(`${result.non2xx} refusals and ${result.errors} errors under load`);
  return { rate: result.requests.average, p99: result.latency.p99 };
}

/** As large as PagerDuty's usually are. */
function webhookOf3KB(): Buffer {
  const assignees = Array.from({ length: 10 }, (_, i) => `PUSER0${i}`);
  const body = bytesOf(
    webhook({
      type: "triggered",
      incident: "PINC001",
      at: Date.now(),
      assignees,
      title: `Checkout answers 503 ${"to many ".repeat(16)}`,
    }),
  );
  if (body.byteLength < 2_700 || body.byteLength > 3_300)
    throw new Error(`the body has ${body.byteLength} bytes, not 3 KB`);
  return body;
}
