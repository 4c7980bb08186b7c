import { outOfRange } from "@mrdata/base";
import { type Content, html, type Markup } from "./html.ts";

export type Table = {
  readonly caption?: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly Content[])[];
  /** The cells are sentences, not figures. */
  readonly sentences?: boolean;
  /** What it is a table of, for whoever hears it; the caption or the headings where left out. */
  readonly label?: string;
};

/**
 * A table that scrolls by itself, by keyboard too, where the page is narrow, and shows that there is more; of sentences each
 * row stands below the other there, which takes the roles away that a table has by itself. The first column is text, the others figures.
 */
export const table = ({
  caption,
  head,
  rows,
  sentences = false,
  label = caption ?? `Table: ${head.join(", ")}`,
}: Table): Markup => {
  const role = (name: string): Content => (sentences ? html` role="${name}"` : "");
  const cell = (content: Content, i: number): Markup =>
    sentences
      ? html`<td role="cell" data-label="${head[i + 1] ?? outOfRange()}">${content}</td>`
      : html`<td>${content}</td>`;
  return html`<div class="wide" role="group" tabindex="0" aria-label="${label}"><table class="${sentences ? "sentences" : "figures"}"${role("table")}>
${caption === undefined ? "" : html`<caption><span>${caption}</span></caption>`}
<thead${role("rowgroup")}><tr${role("row")}>${head.map((name) => html`<th scope="col"${role("columnheader")}>${name}</th>`)}</tr></thead>
<tbody${role("rowgroup")}>${rows.map(
    ([first = "", ...cells]) =>
      html`<tr${role("row")}><th scope="row"${role("rowheader")}>${first}</th>${cells.map(cell)}</tr>
`,
  )}</tbody></table></div>`;
};

/** A drawing with its words, and the same as a table for whoever reads it otherwise. */
export const figure = (
  drawing: Markup,
  caption: Content,
  twin: Table,
  size: "usual" | "broad" = "usual",
): Markup => html`<figure class="${size}">${drawing}
<figcaption>${caption}</figcaption>
<details><summary>The same as a table</summary>${table(twin)}</details>
</figure>`;

/** A share as a bar of that length with its figure. */
export const bar = (share: number, text: string, kind: "mark" | "other" = "mark"): Markup =>
  html`<span class="bar ${kind}"><svg aria-hidden="true" viewBox="0 0 100 8" preserveAspectRatio="none"><rect width="${Number((100 * Math.max(0, Math.min(1, share))).toFixed(1))}" height="8"/></svg> ${text}</span>`;
