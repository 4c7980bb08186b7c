import { table } from "../figure.ts";
import { count } from "../format.ts";
import { html, type Markup } from "../html.ts";
import { noisyMonitors } from "./noisy-monitors.ts";
import { command, linked, plural, type Shown, serviceOf } from "./parts.ts";
import type { ReportData } from "./report-data.ts";
import { shownText } from "./shown-text.ts";
import { lasting } from "./times.ts";

const SHOWN = 10;

/** Alarms that wake people for what resolves itself, the worst first. */
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
          .slice(0, SHOWN)
          .map((one) => [
            linked(links.alarm(one.alarm), html`<bdi>${shownText(one.title)}</bdi>`),
            serviceOf(one),
            `${count(one.wakings)} of ${count(one.incidents)}`,
            times.moment(one.lastAt),
            lasting(one.openSeconds),
          ]),
      })}${all.length > SHOWN ? html`<p class="soft-text">${plural(all.length - SHOWN, "more", "more")}: ${command("mrdata decisions --since 30d")}</p>` : ""}`
}`;
}
