import { html, type Markup } from "../html.ts";
import { displayStatusOf } from "./display-status.ts";
import { displayText, safeLink } from "./display-text.ts";
import type { ReportIncident } from "./report-data.ts";
import type { Times } from "./times.ts";

/** Addresses of the related pages; null if there are none, as in a file. */
export type ReportLinks = {
  readonly index: string | null;
  incident(incident: string): string | null;
  alarm(alarm: string): string | null;
};

/** For a page in a file: it links only to PagerDuty. */
export const noLinks: ReportLinks = { index: null, incident: () => null, alarm: () => null };

/** What sections need besides the data. */
export type Shown = { readonly times: Times; readonly links: ReportLinks };

export const linked = (address: string | null, text: Markup | string): Markup | string =>
  address === null ? text : html`<a href="${address}">${text}</a>`;

export const serviceOf = (one: { readonly service: string; readonly serviceName: string | null }): Markup =>
  html`<bdi>${displayText(one.serviceName, one.service)}</bdi>`;

export const badge = (one: Pick<ReportIncident, "result" | "mode" | "decision">): Markup => {
  const { slug, label } = displayStatusOf(one);
  return html`<span class="badge ${slug}">${label}</span>`;
};

type Named = Pick<ReportIncident, "incident" | "title" | "pagerDutyUrl">;

/** The title, linked to the incident's page, and a link to PagerDuty. */
export function titleOf({ incident, title, pagerDutyUrl }: Named, { links }: Shown): Markup {
  const shown = html`<bdi>${displayText(title)}</bdi>`;
  const own = links.incident(incident);
  const outside = safeLink(pagerDutyUrl);
  if (own === null) return html`${linked(outside, shown)}`;
  return html`${linked(own, shown)}${outside === null ? "" : html` <a href="${outside}" rel="noreferrer" aria-label="${displayText(title)}, in PagerDuty" title="In PagerDuty">↗</a>`}`;
}

export const timeAt = (at: number, text: string): Markup =>
  html`<time datetime="${new Date(at).toISOString()}">${text}</time>`;

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

/** A command line to type. */
export const command = (line: string): Markup => html`<code>${line}</code>`;
