import { percent } from "../format.ts";
import { html, type Markup } from "../html.ts";
import { type Shown, serviceOf, timeAt, titleOf } from "./parts.ts";
import type { HeldIncident } from "./report-data.ts";

/** Incidents held now, with the remaining time. `at`: now, milliseconds since the epoch. */
export const heldSection = (held: readonly HeldIncident[], at: number, shown: Shown): Markup =>
  html`<h2 id="held">Held now</h2>
${
  held.length === 0
    ? html`<p>Nothing is held: whatever opens is with PagerDuty.</p>`
    : html`<ul class="held">${held.map(
        (one) =>
          html`<li><b data-until="${one.until}">${countdown(one.until - at)}</b> until PagerDuty escalates at ${timeAt(one.until, shown.times.clock(one.until))}<br>${titleOf(one, shown)}<br><span class="soft-text">${serviceOf(one)}, opened ${shown.times.clock(one.openedAt)}, ${percent(one.probability, 0)} likely to resolve itself</span></li>`,
      )}</ul>`
}`;

/**
 * Formats milliseconds as minutes and seconds.
 *
 * @example
 * ```ts
 * countdown(61_000); // => "1:01"
 * countdown(-5); // => "0:00"
 * ```
 */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
