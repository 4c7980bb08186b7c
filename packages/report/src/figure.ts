import { type Content, html, type Markup } from "./html.ts";

export type Table = {
  readonly caption?: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly Content[])[];
  /** The cells are sentences, not figures. */
  readonly sentences?: boolean;
};

/** A table that scrolls by itself where the page is narrow. The first column is text, the others figures. */
export const table = ({
  caption,
  head,
  rows,
  sentences = false,
}: Table): Markup => html`<div class="wide"><table class="${sentences ? "sentences" : "figures"}">
${caption === undefined ? "" : html`<caption>${caption}</caption>`}
<thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>${rows.map(
  ([first = "", ...cells]) =>
    html`<tr><th scope="row">${first}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>
`,
)}</tbody></table></div>`;

/** A drawing with its words, and the same as a table for whoever reads it otherwise. */
export const figure = (drawing: Markup, caption: Content, twin: Table): Markup => html`<figure>${drawing}
<figcaption>${caption}</figcaption>
<details><summary>The same as a table</summary>${table(twin)}</details>
</figure>`;

/** A share as a bar of that length with its figure. */
export const bar = (share: number, text: string, kind: "mark" | "other" = "mark"): Markup =>
  html`<span class="bar ${kind}"><svg aria-hidden="true" viewBox="0 0 100 8" preserveAspectRatio="none"><rect width="${Number((100 * Math.max(0, Math.min(1, share))).toFixed(1))}" height="8"/></svg> ${text}</span>`;
