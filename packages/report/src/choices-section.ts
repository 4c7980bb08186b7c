import { type HoldChoice, type HoldChoices, needsSentence } from "@mrdata/learning";
import { table } from "./figure.ts";
import { count, duration, percent } from "./format.ts";
import { html, type Markup } from "./html.ts";
import { displayText } from "./operation/display-text.ts";
import { plural, timeAt } from "./operation/parts.ts";
import { type Times, timesIn } from "./operation/times.ts";

/** Misses shown at once; the rest is folded. */
const MAX_UNFOLDED = 20;

/** What a team for which nothing is held may choose from: windows and surenesses, what is still needed, what would be held, and every miss. */
export function choicesSection(choices: HoldChoices, timeZone: string): Markup {
  const { predictions, real } = choices;
  const all = `${count(predictions)} past predictions, ${count(real)} of which needed a human`;
  return html`<h2>What you may choose from</h2>
<p><strong>${needsSentence(choices)}</strong></p>
${
  choices.table.every(({ held }) => held === 0)
    ? html`<p>Of ${all}, none was sure enough of anything that resolves itself.</p>`
    : html`${windowsTable(choices, all)}${wouldBeHeld(choices, timeZone)}`
}`;
}

const minutes = (seconds: number): string => `${Number((seconds / 60).toFixed(2))} min`;

function windowsTable({ table: cells, windowSeconds }: HoldChoices, of: string): Markup {
  const all = [...new Set(cells.map((one) => one.windowSeconds))];
  const holds = (seconds: number) => cells.some((one) => one.windowSeconds === seconds && one.held > 0);
  // Columns of dashes would push the others out of a phone's sight.
  const windows = all.filter((seconds) => holds(seconds) || seconds === windowSeconds);
  const empty = all.filter((seconds) => !windows.includes(seconds)).map(minutes);
  const nothing = empty.length === 0 ? "" : ` With a window of ${empty.join(" or ")} nothing would be held.`;
  return table({
    caption: `Pages spared, and how many of the real ones would be delayed at most, by hold window and by how sure a prediction must be, of ${of}. ✓: certified for the miss budget as it is, and right often enough. *: the window that is asked about.${nothing}`,
    label: "Windows and surenesses",
    head: [
      "Held from",
      ...windows.map((seconds) => `${minutes(seconds)}${seconds === windowSeconds ? " *" : ""}`),
    ],
    rows: [...Map.groupBy(cells, ({ sureness }) => sureness)].map(([sureness, row]) => [
      percent(sureness),
      ...windows.map((seconds) => cellOf(row.find((one) => one.windowSeconds === seconds))),
    ]),
  });
}

function cellOf(choice: HoldChoice | undefined): string {
  if (choice === undefined || choice.held === 0) return "–";
  const bound = choice.upperBound === null ? "?" : percent(choice.upperBound);
  return `${percent(choice.pagesSpared)}, ≤ ${bound}${choice.certified ? " ✓" : ""}`;
}

function wouldBeHeld(
  { from, atMissBudget, alarms, misses, windowSeconds }: HoldChoices,
  timeZone: string,
): Markup | string {
  if (from === null) return "";
  const times = timesIn(timeZone);
  const budget = atMissBudget === null ? "" : `, which takes a miss budget of ${percent(atMissBudget)}`;
  return html`<h3>What would be held from ${percent(from)} on, for ${duration(windowSeconds)}${budget}</h3>
${table({
  label: "Alarms that would be held",
  sentences: true,
  head: ["Alarm", "Service", "Held", "Paged late"],
  rows: alarms.map((one) => [
    html`<bdi>${displayText(one.title)}</bdi>`,
    html`<bdi>${displayText(one.service)}</bdi>`,
    `${count(one.held)} of ${count(one.opened)}`,
    count(one.late),
  ]),
})}
<h3>Paged late, by name</h3>
${
  misses.length === 0
    ? html`<p>No incident that needed a human would have been paged late.</p>`
    : html`<p>${plural(misses.length, "incident")} that needed a human (${timeZone}):</p>
${missList(misses.slice(0, MAX_UNFOLDED), times)}${
  misses.length <= MAX_UNFOLDED
    ? ""
    : html`<details><summary>${count(misses.length - MAX_UNFOLDED)} more</summary>${missList(misses.slice(MAX_UNFOLDED), times)}</details>`
}`
}`;
}

const missList = (misses: HoldChoices["misses"], times: Times): Markup =>
  html`<ol class="events days">${misses.map(
    (one) =>
      html`<li>${timeAt(one.createdAt, times.moment(one.createdAt))}<span class="what"><bdi>${displayText(one.title)}</bdi> <span class="soft-text"><bdi>${displayText(one.serviceName, one.service)}</bdi>, ${displayText(one.id)}</span></span></li>`,
  )}</ol>`;
