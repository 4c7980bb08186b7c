import { fnv1a64 } from "@mrdata/incident";

/**
 * Whether a would-be hold is drawn into the control sample and paged anyway. Seeded by the incident's id, so
 * that every delivery of it draws the same. `share` from 0 to 1.
 *
 * @example
 * ```ts
 * isControl("P1", 0); // => false
 * isControl("P1", 1); // => true
 * ```
 */
export function isControl(incident: string, share: number): boolean {
  // FNV mixes its last bytes poorly into the high digits: the low 32 bits are well spread after a second round.
  const drawn = Number.parseInt(fnv1a64(fnv1a64(`control ${incident}`)).slice(-8), 16) / 2 ** 32;
  return drawn < share;
}
