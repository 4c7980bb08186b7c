import { namesOf } from "@mrdata/incident";

/**
 * The effect of each value on the outcome, on any service: log odds that add up to those of an incident. A value's past
 * on one service is a track record; across services that would be a record that every service writes to, so it is
 * learnt with a version instead, and stays unchanged until the next.
 */
export type ValueEffects = {
  /** Log odds of an incident without any known value. */
  readonly base: number;
  /** By value, as returned by `valuesOf`; a value not listed has no effect. */
  readonly effects: Readonly<Record<string, number>>;
};

/** The parts of an incident that have values. `texts`: its details that are used, by name. */
export type Valued = {
  readonly service: string;
  readonly title: string;
  readonly texts: Readonly<Record<string, string | number>>;
};

/**
 * The values of an incident: its service, its details that are used, and the words of its name. A number is only
 * meaningful with the word before it: `symptom 17`.
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

/** The sum of the log odds of an incident's values. */
export function effectOf({ base, effects }: ValueEffects, incident: Valued): number {
  return valuesOf(incident).reduce((sum, value) => sum + (effects[value] ?? 0), base);
}
