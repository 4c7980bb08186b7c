import { html, type Markup } from "../html.ts";
import { displayText } from "./display-text.ts";
import { linked, type Shown, serviceOf, timeAt } from "./parts.ts";
import type { ForbiddenAlarm } from "./report-data.ts";

/** The note that lifts a veto, on an incident of the same alarm. */
export const LIFTING_NOTE = "mrdata: ok to hold";

export const forbiddenSentence = ({ who, at, incident }: ForbiddenAlarm, { times, links }: Shown): Markup =>
  html`forbidden by ${displayText(who, "somebody who is not named")} on ${timeAt(at, times.moment(at))}, in a note on ${linked(links.incident(incident), incident)}; the note <code>${LIFTING_NOTE}</code> on an incident of this alarm lifts it`;

/** Alarms that notes forbid the bot to hold, and how to lift that. */
export const forbiddenSection = (forbidden: readonly ForbiddenAlarm[], shown: Shown): Markup =>
  html`<h2 id="forbidden">What people forbade</h2>
${
  forbidden.length === 0
    ? html`<p>No note forbids holding an alarm that opened in this time.</p>`
    : html`<ul class="plain">${forbidden.map((one) => html`<li>${linked(shown.links.alarm(one.alarm), html`<bdi>${displayText(one.title)}</bdi>`)} <span class="soft-text">${serviceOf(one)}</span>: ${forbiddenSentence(one, shown)}.</li>`)}</ul>`
}`;
