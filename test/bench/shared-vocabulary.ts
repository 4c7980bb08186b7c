import { createRandom } from "@mrdata/forest";
import type { PastIncident } from "@mrdata/incident";

const MINUTE = 60_000;
const START = Date.parse("2025-01-01T00:00:00Z");

/** What is wrong, each with words of its own that stand for it, and how often it clears by itself. */
const CAUSES = 12;
const WORDS = 10;
/** Words of a title: of its cause, and of any. */
const OWN = 3;
const ANY = 2;

/**
 * Services that share their alarms, of which each has a handful, and whose titles say the same in different words, as
 * those of many teams do: no title and hardly a pair of words comes again, and what tells the outcome is the cause that the
 * words have in common. All by chance, from a seed.
 */
export function sharedVocabulary(count: number, services: number, seed: number): readonly PastIncident[] {
  const random = createRandom(seed);
  const chances = Array.from({ length: CAUSES }, (_, cause) => (cause % 2 === 0 ? 0.85 : 0.2));
  const word = (cause: number) => `${syllable(cause)}${syllable(random.below(WORDS) + CAUSES)}`;
  return Array.from({ length: count }, (_, i): PastIncident => {
    const cause = random.below(CAUSES);
    const words = [
      ...Array.from({ length: OWN }, () => word(cause)),
      ...Array.from({ length: ANY }, () => word(random.below(CAUSES))),
    ];
    const itself = random.next() < (chances[cause] ?? 0);
    const createdAt = START + Math.round(((i + random.next()) * 365 * 24 * 60 * MINUTE) / count);
    const lasted = itself ? 1 + random.below(25) : 31 + random.below(400);
    return {
      id: `v-${String(i).padStart(6, "0")}`,
      service: `PVOCAB${random.below(services)}`,
      title: words.join(" "),
      createdAt,
      resolvedAt: createdAt + lasted * MINUTE,
      resolvedBy: "integration",
      acknowledgedAt: null,
      takenOverAt: null,
      mergedInto: null,
      urgency: "high",
      details: {},
    };
  });
}

const CONSONANTS = "bdfgklmnprstvz";
const VOWELS = "aeiou";

/** A syllable by number: its own up to seventy. */
const syllable = (n: number): string =>
  `${CONSONANTS[n % CONSONANTS.length]}${VOWELS[Math.floor(n / CONSONANTS.length) % VOWELS.length]}`;
