import { table } from "../figure.ts";
import { percent } from "../format.ts";
import { html } from "../html.ts";
import { page } from "../page.ts";
import { displaySentence, displayText, safeLink } from "./display-text.ts";
import { badge, linked, noLinks, type ReportLinks, timeAt } from "./parts.ts";
import type { IncidentReport } from "./report-data.ts";
import { shortDuration, timesIn } from "./times.ts";

const MAX_EVENTS = 200;

/** The page of an incident: the decision, its reasons, and the events. */
export function incidentPage(data: IncidentReport, links: ReportLinks = noLinks): string {
  const { incident, title, service, serviceName, alarm, openedAt, closedAt, outcome, decision } = data;
  const times = timesIn(data.timeZone);
  const outside = safeLink(data.pagerDutyUrl);
  const open =
    openedAt === null
      ? "not known when it opened"
      : html`opened ${timeAt(openedAt, times.moment(openedAt))}, ${closedAt === null ? "still open" : `closed after ${shortDuration((closedAt - openedAt) / 1000)}`}`;
  return page(
    `Mr Data: ${incident}`,
    html`<header><p class="over">${linked(links.index, "Report")} · incident ${incident}</p>
<h1><bdi>${displayText(title)}</bdi></h1>
<p class="lead"><bdi>${displayText(serviceName, service ?? "no service named")}</bdi>, ${open} (${data.timeZone}).${outside === null ? "" : html` <a href="${outside}" rel="noreferrer">In PagerDuty</a>`}${alarm === null || links.alarm(alarm) === null ? "" : html` <a href="${links.alarm(alarm) ?? ""}">Its alarm</a>`}</p></header>
<main>
<h2>What was decided</h2>
${
  decision === null
    ? html`<p>Nothing: the bot never predicted this incident.</p>`
    : html`<p>${badge(decision.row)} ${decision.row.decision === "hold" ? "Hold" : "Page"}, decided by <strong>${decision.row.decidedBy}</strong> in mode ${decision.row.mode}${decision.row.heldSeconds > 0 ? `, held ${shortDuration(decision.row.heldSeconds)}` : ""}. Outcome: ${outcome ?? "not known yet"}.</p>
<p>${decision.row.probability === null ? `No prediction: ${decision.abstained ?? "no reason was noted"}.` : `Predicted ${percent(decision.row.probability)} likely to resolve itself, by ${decision.model}.`}${decision.taken.action === "none" ? "" : ` ${decision.taken.sentence}`}</p>
<h2>Why</h2>
${decision.reasons.length === 0 ? "" : html`<ul class="plain">${decision.reasons.map((reason) => html`<li>${displaySentence(reason)}</li>`)}</ul>`}
${
  decision.verdicts.length === 0
    ? ""
    : table({
        label: "What each guard rail said",
        sentences: true,
        head: ["Guard rail", "Says", "Because"],
        rows: decision.verdicts
          .toSorted((a, b) => Number(a.allowsHold) - Number(b.allowsHold))
          .map((verdict) => [
            verdict.name,
            verdict.allowsHold ? "may be held" : "page",
            displaySentence(verdict.sentence),
          ]),
      })
}`
}
<h2>What happened</h2>
${data.events.length === 0 ? html`<p>No event was recorded.</p>` : html`<ol class="events days">${data.events.slice(0, MAX_EVENTS).map((event) => html`<li>${timeAt(event.at, times.moment(event.at))}<span class="what">${event.type} <span class="soft-text">by ${event.actor}</span>${event.note === null ? "" : html`<br><bdi>${displayText(event.note, "(an empty note)")}</bdi>`}</span></li>`)}</ol>`}
</main>`,
  );
}
