import { table } from "../figure.ts";
import { count } from "../format.ts";
import { html, type Markup } from "../html.ts";
import { displayText } from "./display-text.ts";
import { noisyMonitors } from "./noisy-monitors.ts";
import { command, linked, plural, type Shown, serviceOf } from "./parts.ts";
import type { ReportData } from "./report-data.ts";
import { shortDuration } from "./times.ts";

const MAX_SHOWN = 10;

/** Alarms that page people for incidents that resolve themselves, the worst first. */
export function monitorsSection({ incidents, at }: ReportData, { times, links }: Shown): Markup {
  const all = noisyMonitors(incidents, at);
  return html`<h2 id="monitors">Monitors to fix</h2>
${
  all.length === 0
    ? html`<p>No alarm paged people for something that resolved itself.</p>`
    : html`${table({
        caption:
          "Alarms that paged people for what resolved itself, ranked by how often, how lately and how long.",
        sentences: true,
        head: ["Alarm", "Service", "Paged for nothing", "Last", "Open, together"],
        rows: all
          .slice(0, MAX_SHOWN)
          .map((one) => [
            linked(links.alarm(one.alarm), html`<bdi>${displayText(one.title)}</bdi>`),
            serviceOf(one),
            `${count(one.wakings)} of ${count(one.incidents)}`,
            times.moment(one.lastAt),
            shortDuration(one.openSeconds),
          ]),
      })}${all.length > MAX_SHOWN ? html`<p class="soft-text">${plural(all.length - MAX_SHOWN, "more", "more")}: ${command("mrdata decisions --since 30d")}</p>` : ""}`
}`;
}
