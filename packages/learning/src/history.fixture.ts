import { outOfRange } from "@mrdata/base";
import { createRandom } from "@mrdata/forest";
import type { PastIncident } from "@mrdata/incident";
import { type LearnerSettings, usualLearnerSettings } from "./learner-settings.ts";

const MINUTE = 60_000;
export const START = Date.parse("2026-01-05T00:00:00Z");

const few = { rounds: 40, bags: 1, learningRate: 0.15 };
const { boosting, worded, shallow, forest } = usualLearnerSettings(20);

/** For tests that use any learner: a tenth of the usual work. */
export const quickLearners: LearnerSettings = {
  boosting: { ...boosting, ...few },
  worded: { ...worded, ...few },
  shallow: { ...shallow, rounds: 40, bags: 1, learningRate: 0.1 },
  forest,
};

/**
 * A synthetic history: a flapping alert, a real one, and one that is real at night. `noise` makes every outcome random,
 * so that there is nothing to learn.
 */
export function someHistory(count: number, { noise = false, seed = 1 } = {}): readonly PastIncident[] {
  const random = createRandom(seed);
  let at = START;
  return Array.from({ length: count }, (_, i): PastIncident => {
    at += Math.ceil(-Math.log(1 - random.next()) * 40) * MINUTE;
    const kind = random.below(3);
    const night = new Date(at).getUTCHours() < 6;
    const chance = noise ? 0.5 : ([0.97, 0.05, night ? 0.1 : 0.9][kind] ?? outOfRange());
    const itself = random.next() < chance;
    const minutes = itself ? 1 + random.below(20) : 40 + random.below(200);
    return {
      id: `PINC${String(i).padStart(5, "0")}`,
      service: `PSVC${random.below(2)}`,
      title: ["Disk 91% full", "Checkout answers 503", "Queue is long"][kind] ?? outOfRange(),
      createdAt: at,
      resolvedAt: random.next() < 0.01 ? null : at + minutes * MINUTE,
      resolvedBy: itself || random.next() < 0.5 ? "integration" : "human",
      acknowledgedAt: null,
      takenOverAt: null,
      mergedInto: null,
      urgency: "high",
      details: {
        load: Math.round(100 * random.next()),
        region: ["north", "south"][random.below(2)] ?? "north",
      },
    };
  });
}

/**
 * Many services that share their alarms: the problem determines the outcome, on any service. Each service has only a
 * few incidents of its own.
 */
export function sharedAlarms(count: number, services: number, seed = 1): readonly PastIncident[] {
  const random = createRandom(seed);
  const things = ["Disk", "Memory", "Queue", "Login", "Checkout", "Replica", "Certificate", "Backup"];
  const states = ["is full", "is slow", "fails", "runs late"];
  let at = START;
  return Array.from({ length: count }, (_, i): PastIncident => {
    at += Math.ceil(-Math.log(1 - random.next()) * 40) * MINUTE;
    const [thing, state, region] = [random.below(8), random.below(4), random.below(3)];
    const strength = (thing % 2 === 0 ? 1.6 : -1.6) + (state < 2 ? 0.8 : -0.8) + (region === 0 ? -0.7 : 0.3);
    const itself = random.next() < 1 / (1 + Math.exp(-strength));
    const minutes = itself ? 1 + random.below(20) : 40 + random.below(200);
    return {
      id: `PINC${String(i).padStart(5, "0")}`,
      service: `PSVC${random.below(services)}`,
      title: `${things[thing]} ${states[state]} on host-${random.below(30)}`,
      createdAt: at,
      resolvedAt: at + minutes * MINUTE,
      resolvedBy: itself || random.next() < 0.5 ? "integration" : "human",
      acknowledgedAt: null,
      takenOverAt: null,
      mergedInto: null,
      urgency: "high",
      details: { region: `region-${region}` },
    };
  });
}

/**
 * Alarms with individual self-resolve rates that nothing else predicts; the first occur far more often than the last.
 */
export function ownChances(count: number, alarms: number, seed = 1): readonly PastIncident[] {
  const random = createRandom(seed);
  const chances = Array.from({ length: alarms }, () => 0.5 + 0.5 * Math.cos(Math.PI * random.next()));
  let at = START;
  return Array.from({ length: count }, (_, i): PastIncident => {
    at += Math.ceil(-Math.log(1 - random.next()) * 200) * MINUTE;
    const alarm = Math.floor(alarms * random.next() ** 2);
    const itself = random.next() < (chances[alarm] ?? outOfRange());
    const minutes = itself ? 1 + random.below(20) : 40 + random.below(200);
    return {
      id: `PINC${String(i).padStart(5, "0")}`,
      service: `PSVC${alarm % 5}`,
      title: `Alarm ${String.fromCodePoint(0x3b1 + alarm).repeat(3)}`,
      createdAt: at,
      resolvedAt: at + minutes * MINUTE,
      resolvedBy: "integration",
      acknowledgedAt: null,
      takenOverAt: null,
      mergedInto: null,
      urgency: "high",
      details: { load: random.next() },
    };
  });
}
