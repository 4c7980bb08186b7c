import { table } from "../figure.ts";
import { count, percent } from "../format.ts";
import { html, type Markup } from "../html.ts";
import { page } from "../page.ts";
import { displayText } from "./display-text.ts";
import { forbiddenSentence } from "./forbidden-section.ts";
import { linked, noLinks, plural, type ReportLinks, type Shown } from "./parts.ts";
import type { AlarmReport } from "./report-data.ts";
import { shortDuration, timesIn } from "./times.ts";

const levelNames = ["as it is", "without numbers, hosts and addresses", "by its words alone"];
const BAR_PITCH = 14;
const PER_ROW = 40;
const MAX_LISTED = 50;

/** The page of an alarm: its names at each level, its outcomes as a strip, and the bot's latest prediction. */
export function alarmPage(data: AlarmReport, links: ReportLinks = noLinks): string {
  const shown: Shown = { times: timesIn(data.timeZone), links };
  return page(
    "Mr Data: alarm",
    html`<header><p class="over">${linked(links.index, "Report")} · alarm</p>
<h1><bdi>${displayText(data.title)}</bdi></h1>
<p class="lead"><bdi>${displayText(data.serviceName, data.service)}</bdi>, ${plural(data.past.length, "incident")} shown (${data.timeZone}).</p></header>
<main>
<h2>What the bot believes</h2>
${latestDecision(data, shown)}
${data.forbidden === null ? "" : html`<p class="remark">It is never held: ${forbiddenSentence(data.forbidden, shown)}.</p>`}
<h2>Its names</h2>
${table({
  caption: "What is one alarm at a level is one at every coarser level. Outcomes of the last 400 days.",
  sentences: true,
  head: ["Level", "Name", "Outcomes known", "Resolved themselves"],
  rows: data.levels.map(({ name, decided, selfResolved }, i) => [
    levelNames[i] ?? "coarser",
    html`<code>${displayText(name, "(nothing is left of it)")}</code>`,
    count(decided),
    decided === 0 ? "–" : percent(selfResolved / decided),
  ]),
})}
<h2>Its past</h2>
${outcomeStrip(data, shown)}
</main>`,
  );
}

function latestDecision({ latest }: AlarmReport, { times }: Shown): Markup {
  if (latest === null) return html`<p>Nothing was decided of it yet.</p>`;
  const { at, probability, abstained, decision, decidedBy, sentence, reasons } = latest;
  return html`<p>Of the last one, ${times.moment(at)}: ${probability === null ? `no prediction, for ${abstained ?? "no reason was noted"}` : `${percent(probability)} likely to resolve itself`}; ${decision}, decided by <strong>${decidedBy}</strong>. ${displayText(sentence, "")}</p>
${reasons.length === 0 ? "" : html`<ul class="plain">${reasons.map((reason) => html`<li>${displayText(reason)}</li>`)}</ul>`}`;
}

const slugs = {
  "self-resolved": "spared",
  "needed-human": "late",
  unknown: "other",
  merged: "other",
  "timed-out": "other",
} as const;

/** A bar per incident, oldest first: high if it needed a human, half if it resolved itself, low if unknown. */
function outcomeStrip({ past }: AlarmReport, { times, links }: Shown): Markup {
  if (past.length === 0) return html`<p>It was not seen in the time that is kept.</p>`;
  const oldestFirst = past.toReversed();
  const rows = Math.ceil(oldestFirst.length / PER_ROW);
  const selfResolved = past.filter(({ outcome }) => outcome === "self-resolved").length;
  const neededHuman = past.filter(({ outcome }) => outcome === "needed-human").length;
  return html`<figure class="broad"><svg role="img" aria-label="${plural(past.length, "incident")}, the oldest first: ${selfResolved} resolved themselves, ${neededHuman} needed a human" viewBox="0 0 ${PER_ROW * BAR_PITCH} ${rows * 34}">
${oldestFirst.map(({ outcome, openedAt }, i) => {
  const slug = outcome === null ? "open" : slugs[outcome];
  const height = slug === "late" ? 26 : slug === "spared" ? 13 : 6;
  return html`<rect class="f-${slug}" x="${(i % PER_ROW) * BAR_PITCH}" y="${Math.floor(i / PER_ROW) * 34 + 28 - height}" width="${BAR_PITCH - 4}" height="${height}" rx="2"><title>${times.moment(openedAt)}: ${outcome ?? "open"}</title></rect>`;
})}
</svg><figcaption>The oldest first. High: needed a human (${neededHuman}). Half: resolved itself (${selfResolved}). Low: nobody knows.</figcaption></figure>
${table({
  label: "Its incidents, the newest first",
  head: ["Opened", "Outcome", "Open for", "Incident"],
  rows: past
    .slice(0, MAX_LISTED)
    .map(({ incident, openedAt, outcome, lastedSeconds }) => [
      times.moment(openedAt),
      outcome ?? "not known yet",
      lastedSeconds === null ? "still open" : shortDuration(lastedSeconds),
      linked(links.incident(incident), incident),
    ]),
})}`;
}
