import { html, type Markup } from "../html.ts";
import { linked, type Shown, serviceOf, timeAt } from "./parts.ts";
import type { ForbiddenAlarm } from "./report-data.ts";
import { shownText } from "./shown-text.ts";

/** What lifts it: the same alarm's incident, a person's note. */
export const LIFTING_NOTE = "mrdata: ok to hold";

export const forbiddenSentence = ({ who, at, incident }: ForbiddenAlarm, { times, links }: Shown): Markup =>
  html`forbidden by ${shownText(who, "somebody who is not named")} on ${timeAt(at, times.moment(at))}, in a note on ${linked(links.incident(incident), incident)}; the note <code>${LIFTING_NOTE}</code> on an incident of this alarm lifts it`;

/** Alarms that people's notes took from the bot, and how they are given back. */
export const forbiddenSection = (forbidden: readonly ForbiddenAlarm[], shown: Shown): Markup =>
  html`<h2 id="forbidden">What people forbade</h2>
${
  forbidden.length === 0
    ? html`<p>No note forbids holding an alarm that opened in this time.</p>`
    : html`<ul class="plain">${forbidden.map((one) => html`<li>${linked(shown.links.alarm(one.alarm), html`<bdi>${shownText(one.title)}</bdi>`)} <span class="soft-text">${serviceOf(one)}</span>: ${forbiddenSentence(one, shown)}.</li>`)}</ul>`
}`;
