import { createRandom } from "@mrdata/forest";
import type { PastIncident } from "@mrdata/incident";

const MINUTE = 60_000;
const START = Date.parse("2025-01-01T00:00:00Z");
export const TICKET_WINDOW = 30 * MINUTE;

/** Which share their categories, symptoms and details. */
const SERVICES = 3;
const CATEGORIES = 40;
const SYMPTOMS = 250;
/** Beside category and symptom. */
const DETAILS = 8;

/**
 * A history as people export it from a ticket system: numbered categories and symptoms, ten details with hundreds of
 * values each, every one of which moves the odds a little. All by chance, from a seed.
 */
export function ticketHistory(count: number, seed: number): readonly PastIncident[] {
  const random = createRandom(seed);
  const normal = (): number => {
    const [a, b] = [1 - random.next(), random.next()];
    return Math.sqrt(-2 * Math.log(a)) * Math.cos(2 * Math.PI * b);
  };
  const effects = (values: number, spread: number) => Array.from({ length: values }, () => spread * normal());
  // Few values come often, and many seldom.
  const draw = (values: number) => Math.floor(values * random.next() ** 2);
  const services = effects(SERVICES, 0.4);
  const categories = effects(CATEGORIES, 0.8);
  const symptoms = effects(SYMPTOMS, 1);
  const details = Array.from({ length: DETAILS }, (_, i) => effects(150 + 50 * i, 0.5));
  return Array.from({ length: count }, (_, i): PastIncident => {
    const service = random.below(SERVICES);
    const category = draw(CATEGORIES);
    const symptom = draw(SYMPTOMS);
    const values = details.map(({ length }) => draw(length));
    const odds =
      (services[service] ?? 0) +
      (categories[category] ?? 0) +
      (symptoms[symptom] ?? 0) +
      values.reduce((sum, value, k) => sum + (details[k]?.[value] ?? 0), 0);
    const itself = random.next() < 1 / (1 + Math.exp(-odds));
    const createdAt = START + Math.round(((i + random.next()) * 365 * 24 * 60 * MINUTE) / count);
    const lasted = itself ? 1 + random.below(25) : 31 + random.below(400);
    return {
      id: `t-${String(i).padStart(6, "0")}`,
      service: `PTICKET${service}`,
      title: `Category ${category}: symptom ${symptom}`,
      createdAt,
      resolvedAt: createdAt + lasted * MINUTE,
      resolvedBy: itself || random.next() < 0.5 ? "integration" : "human",
      acknowledgedAt: null,
      takenOverAt: null,
      mergedInto: null,
      urgency: "high",
      details: {
        category_name: `Category ${category}`,
        symptom: `Symptom ${symptom}`,
        ...Object.fromEntries(values.map((value, k) => [`detail_${k}`, `value ${value}`])),
      },
    };
  });
}
