import { namesOf } from "@mrdata/incident";

/**
 * What each value says of the outcome on its own, whichever service it is on: log odds that add up to those of an
 * incident. A value's past on one service is a track record; one across services would be a record that every service
 * writes to, so it is learnt with a version instead, and stays as it is until the next.
 */
export type ValueEffects = {
  /** Log odds of an incident of which no value is known. */
  readonly base: number;
  /** By value, as `valuesOf` tells them; what is not here says nothing. */
  readonly effects: Readonly<Record<string, number>>;
};

/** What there is of an incident that has values. `texts`: those of its details that are looked at, by name. */
export type Valued = {
  readonly service: string;
  readonly title: string;
  readonly texts: Readonly<Record<string, string | number>>;
};

/**
 * The values of an incident: its service, those of its details, and the words of its name. A number means something with
 * the word before it only: `symptom 17`.
 */
export function valuesOf({ service, title, texts }: Valued): readonly string[] {
  const values = new Set([`service ${service}`]);
  for (const [name, value] of Object.entries(texts)) values.add(`detail ${name}=${value}`);
  let before = "";
  for (const word of namesOf(title)[0]
    .split(/[^\p{L}\p{N}<>]+/u)
    .filter((one) => one !== "")) {
    values.add(/\p{N}/u.test(word) ? `title ${before} ${word}` : `title ${word}`);
    before = word;
  }
  return [...values];
}

/** The log odds that the values of an incident add up to. */
export function effectOf({ base, effects }: ValueEffects, incident: Valued): number {
  return valuesOf(incident).reduce((sum, value) => sum + (effects[value] ?? 0), base);
}
