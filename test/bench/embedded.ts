import { setTimeout as sleep } from "node:timers/promises";
import { withTestStack } from "../support/stack.ts";
import { webhook } from "../support/webhooks.ts";
import { aside, atMost, type Figure, quantile } from "./figure.ts";

const RATE = 100;
const SECONDS = 10;
const WARM = 200;
const BURST = 2_000;

const triggered = (i: number) =>
  webhook({
    type: "triggered",
    incident: `PB${i}`,
    at: Date.now(),
    service: `PSVC${i % 20}`,
    title: `Alarm ${"abcdefgh"[i % 8]} on host-${i}`,
  });

/** From sending a webhook to its prediction being stored, at a steady rate over real HTTP: accepting it included. */
export async function benchLatency(): Promise<readonly Figure[]> {
  const sentAt = new Map<string, number>();
  const took: number[] = [];
  await withTestStack(
    async ({ send, bus }) => {
      const started = performance.now();
      for (let i = 0; i < WARM + RATE * SECONDS; i++) {
        sentAt.set(`PB${i}`, performance.now());
        void send(triggered(i));
        await sleep(Math.max(0, started + ((i + 1) * 1000) / RATE - performance.now()));
      }
      await bus.idle();
    },
    {},
    (entry) => {
      if (entry.event !== "prediction.stored") return;
      const incident = String(entry.incident);
      if (Number(incident.slice(2)) >= WARM)
        took.push(performance.now() - (sentAt.get(incident) ?? Number.NaN));
    },
  );
  return [
    atMost("embedded.latency", quantile(took, 0.5), "ms p50", 10),
    atMost("embedded.latency.p99", quantile(took, 0.99), "ms p99", 50),
    aside("embedded.latency.count", took.length, "predictions"),
  ];
}

/** From the first webhook of a burst until everything is processed. */
export async function benchBurst(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  await withTestStack(async ({ send, bus, ledger }) => {
    const started = performance.now();
    for (let i = 0; i < BURST; i += 50) {
      const sent = await Promise.all(Array.from({ length: 50 }, (_, k) => send(triggered(i + k))));
      if (sent.some(({ status }) => status !== 200)) throw new Error("a webhook of the burst was refused");
    }
    await bus.idle();
    const seconds = (performance.now() - started) / 1000;
    let lost = 0;
    for (let i = 0; i < BURST; i++) {
      if ((await ledger.prediction(`PB${i}`)) === null || (await ledger.incident(`PB${i}`)) === null)
        lost += 1;
    }
    figures.push(
      atMost("embedded.burst", seconds, "s", 10),
      atMost("embedded.burst.lost", lost, "incidents", 0),
    );
  });
  return figures;
}
