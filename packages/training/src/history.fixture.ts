import { outOfRange } from "@mrdata/base";
import { createRandom } from "@mrdata/forest";
import type { PastIncident } from "@mrdata/incident";

const MINUTE = 60_000;
const START = Date.parse("2026-01-05T00:00:00Z");

/** A synthetic history: some alerts resolve themselves, some do not; a few incidents were merged into others. */
export function someHistory(count: number, { services = 5, seed = 1 } = {}): readonly PastIncident[] {
  const random = createRandom(seed);
  let at = START;
  return Array.from({ length: count }, (_, i): PastIncident => {
    at += Math.ceil(-Math.log(1 - random.next()) * 40) * MINUTE;
    const kind = random.below(3);
    const itself = random.next() < ([0.95, 0.05, 0.6][kind] ?? outOfRange());
    const minutes = itself ? 1 + random.below(20) : 40 + random.below(200);
    return {
      id: `PINC${String(i).padStart(5, "0")}`,
      service: `PSVC${random.below(services)}`,
      title: ["Disk 91% full", "Checkout answers 503", "Queue is long"][kind] ?? outOfRange(),
      createdAt: at,
      resolvedAt: at + minutes * MINUTE,
      resolvedBy: itself || random.next() < 0.5 ? "integration" : "human",
      acknowledgedAt: null,
      takenOverAt: null,
      mergedInto: random.next() < 0.02 ? `PINC${String(Math.max(0, i - 1)).padStart(5, "0")}` : null,
      urgency: "high",
      details: { load: Math.round(100 * random.next()), region: random.below(2) === 0 ? "north" : "south" },
    };
  });
}
