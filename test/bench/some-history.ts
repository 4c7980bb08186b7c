import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { createRandom } from "@mrdata/forest";

const MINUTE = 60_000;
const START = Date.parse("2025-01-01T00:00:00Z");
const YEAR = 365 * 24 * 60 * MINUTE;

/**
 * A year of so many incidents as a history file: services with alert types of their own, which flap, break by night or
 * are real, busy in bursts; details with a number and two texts. The more incidents, the more services.
 */
export async function writeHistory(file: string, incidents: number, seed: number): Promise<void> {
  const random = createRandom(seed);
  const services = Math.max(8, Math.round(incidents / 400));
  const chances = Array.from({ length: services * 8 }, () => random.next());
  const out = createWriteStream(file);
  let at = START;
  for (let i = 0; i < incidents; i++) {
    // One in five opens in the wake of the one before.
    const gap = (1.25 * YEAR) / incidents;
    at += random.next() < 0.2 ? random.below(MINUTE) : Math.ceil(-Math.log(1 - random.next()) * gap);
    const service = random.below(services);
    const kind = random.below(8);
    const night = (at / (60 * MINUTE)) % 24 < 7;
    const chance = (chances[service * 8 + kind] ?? 0.5) * (night && kind < 3 ? 0.4 : 1);
    const itself = random.next() < chance;
    const minutes = itself ? 1 + random.below(25) : 31 + random.below(400);
    const row = {
      id: `b-${i}`,
      service: `service-${service}`,
      title: `${TITLES[kind]} on host-${random.below(20)}`,
      created_at: new Date(at).toISOString(),
      resolved_at: random.next() < 0.01 ? null : new Date(at + minutes * MINUTE).toISOString(),
      resolved_by: itself || random.next() < 0.6 ? "integration" : "human",
      details: {
        load: Math.round(1000 * random.next()) / 10,
        region: `region-${random.below(4)}`,
        code: [500, 502, 503, 504][random.below(4)],
      },
    };
    if (!out.write(`${JSON.stringify(row)}\n`)) await once(out, "drain");
  }
  out.end();
  await once(out, "finish");
}

const TITLES = [
  "Disk is full",
  "Checkout answers 503",
  "Queue is long",
  "Certificate runs out",
  "Memory is short",
  "Replica lags",
  "Login is slow",
  "Job has not run",
];
