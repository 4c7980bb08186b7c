import { html, type Markup } from "./html.ts";

export type Point = { readonly x: number; readonly y: number };

const SIZE = 320;
const LEFT = 44;
const BOTTOM = 36;
const TOP = 10;

/** Where a share from 0 to 1 is on the drawing. */
export const across = (share: number): number => LEFT + share * SIZE;
export const up = (share: number): number => TOP + (1 - share) * SIZE;

const steps = [0, 0.25, 0.5, 0.75, 1];
const percent = (share: number) => `${Math.round(100 * share)} %`;
const short = (value: number) => Number(value.toFixed(1));

/** A square drawing of two shares, as SVG. `label` says for whoever cannot see it what it shows. */
export const chart = (label: string, x: string, y: string, drawn: Markup): Markup =>
  html`<svg role="img" aria-label="${label}" width="${LEFT + SIZE + 16}" height="${TOP + SIZE + BOTTOM}" viewBox="0 0 ${LEFT + SIZE + 16} ${TOP + SIZE + BOTTOM}">
${steps.map(
  (step) => html`<line class="axis" x1="${across(0)}" x2="${across(1)}" y1="${up(step)}" y2="${up(step)}"/>
<text x="${LEFT - 6}" y="${up(step) + 4}" text-anchor="end">${percent(step)}</text>
<text x="${across(step)}" y="${up(0) + 16}" text-anchor="middle">${percent(step)}</text>`,
)}
<text x="${across(0.5)}" y="${up(0) + 32}" text-anchor="middle">${x}</text>
<text transform="translate(12 ${up(0.5)}) rotate(-90)" text-anchor="middle">${y}</text>
${drawn}
</svg>`;

export const curve = (points: readonly Point[]): Markup =>
  html`<polyline class="curve" points="${points.map(({ x, y }) => `${short(across(x))},${short(up(y))}`).join(" ")}"/>`;

/** A dot; `weight` from 0 to 1 is its area. The title shows when it is pointed at. */
export const dot = ({ x, y }: Point, title: string, weight = 0.3, kind: "dot" | "other" = "dot"): Markup =>
  html`<circle class="${kind}" cx="${short(across(x))}" cy="${short(up(y))}" r="${short(3 + 7 * Math.sqrt(weight))}"><title>${title}</title></circle>`;
