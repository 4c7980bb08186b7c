import { outOfRange } from "@mrdata/base";
import { type Content, html, type Markup } from "./html.ts";

export type Table = {
  readonly caption?: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly Content[])[];
  /** The cells contain sentences rather than figures. */
  readonly sentences?: boolean;
  /** The accessible name; defaults to the caption or the headings. */
  readonly label?: string;
};

/**
 * A table that scrolls horizontally on narrow pages, also by keyboard, with a hint that there is more. A table of sentences is stacked row
 * by row there; the CSS for that removes the implicit ARIA roles, so they are set explicitly. The first column is text, the others figures.
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

/** A drawing with a caption, and the same data as a table for accessibility. */
export const figure = (
  drawing: Markup,
  caption: Content,
  dataTable: Table,
  size: "usual" | "broad" = "usual",
): Markup => html`<figure class="${size}">${drawing}
<figcaption>${caption}</figcaption>
<details><summary>The same as a table</summary>${table(dataTable)}</details>
</figure>`;

/** A share as a bar with its figure. */
export const bar = (share: number, text: string, kind: "mark" | "other" = "mark"): Markup =>
  html`<span class="bar ${kind}"><svg aria-hidden="true" viewBox="0 0 100 8" preserveAspectRatio="none"><rect width="${Number((100 * Math.max(0, Math.min(1, share))).toFixed(1))}" height="8"/></svg> ${text}</span>`;
